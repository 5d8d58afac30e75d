"""How to pay: the lender's own CLABE and reference, cash."""

from flows import which_loan
from flows.acts.words import ways as named_ways
from flows.acts.words.asked import WAY
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title
from values import bank_name

flow = Flow(
    "payment_methods",
    intents={"ask_payment_methods": title("meaning.ask_payment_methods")},
    acts=(WAY,),
    payloads=("pay_now",),
)

BALANCE_NOTHING = key("balance.nothing")
PAY_SPEI_ITEM = key("pay.spei_item")
PAY_REFERENCE_ITEM = key("pay.reference_item")
PAY_AMOUNT = key("pay.amount")
PAY_CASH_ITEM = key("pay.cash_item")
PAY_ONLY_OURS = key("pay.only_ours")
NOT_BY = key("pay.not_by")
FROM_WALLET = key("pay.from_wallet")
NO_CASH = key("pay.no_cash")


@flow.state("which", ".")
def start(context: Context) -> Ask | Move:
    if not which_loan.owing(context):
        return Done((line(BALANCE_NOTHING, name=context.who.first_name),))
    text = context.message.text if context.message else ""
    asked = context.request.get("act") == WAY
    named = context.slots.get("way") or (named_ways.way_named(text) if asked else None)
    if not which_loan.meant(context):
        return Go("which", {"way": list(named)} if named else {})
    return Done(_by(context, *named) if named else ways(context))


@flow.state("start")
def which(context: Context) -> Ask | Move:
    return which_loan.ask(context, which_loan.goes_to("start"))


def transfer(loan: LoanFacts, context: Context) -> tuple[Line, ...]:
    """The CLABE to pay into, with its bank and holder, and the reference."""
    lender = context.lender
    clabe = loan.pay_clabe or lender.pay_clabe
    lines = (
        line(
            PAY_SPEI_ITEM,
            clabe=clabe,
            bank=bank_name(clabe[:3]) or lender.pay_bank,
            holder=lender.legal_name,
        ),
    )
    return (*lines, line(PAY_REFERENCE_ITEM, reference=loan.pay_reference)) if loan.pay_reference else lines


def cash(loan: LoanFacts) -> tuple[Line, ...]:
    return (line(PAY_CASH_ITEM, reference=loan.cash_reference),) if loan.cash_reference else ()


def _by(context: Context, kind: str, name: str) -> tuple[Line, ...]:
    """By the way that is asked for, or why not and by which instead."""
    loan = context.loan
    assert loan is not None
    amount = line(PAY_AMOUNT, amount=loan.payable(context.facts.today))
    if kind == named_ways.BY_TRANSFER:
        return (amount, *transfer(loan, context))
    if kind == named_ways.FROM_WALLET:
        return (line(FROM_WALLET, way=name), *transfer(loan, context))
    if kind == named_ways.AT_STORE:
        return (amount, *cash(loan)) if loan.cash_reference else (line(NO_CASH), *transfer(loan, context))
    return (line(NOT_BY, way=name), *transfer(loan, context), *cash(loan))


def ways(context: Context) -> tuple[Line, ...]:
    """The amount to pay now and the ways to pay it."""
    loan = context.loan
    assert loan is not None
    amount = loan.payable(context.facts.today)
    only_ours = line(PAY_ONLY_OURS, lender=context.facts.lender_to(loan.id).trade_name)
    return (line(PAY_AMOUNT, amount=amount), *transfer(loan, context), *cash(loan), only_ours)
