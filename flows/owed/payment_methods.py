"""How to pay: the lender's own CLABE and reference, cash."""

from flows import which_loan
from flows.acts.words.asked import WAY
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move
from flows.owed.nothing import nothing_owed
from flows.types.facts import LoanFacts
from flows.types.ways import Way
from flows.types.wording import Key, Line, key, line, title
from values import bank_name

flow = Flow(
    "payment_methods",
    intents={"ask_payment_methods": title("meaning.ask_payment_methods")},
    acts=(WAY,),
    payloads=("pay_now",),
)

PAY_SPEI_ITEM = key("pay.spei_item")
PAY_REFERENCE_ITEM = key("pay.reference_item")
PAY_AMOUNT = key("pay.amount")
PAY_CASH_ITEM = key("pay.cash_item")
PAY_CASH_AT_ITEM = key("pay.cash_at_item")
FEE_ITEM = key("pay.fee_item")
MOST_ITEM = key("pay.most_item")
PAY_ONLY_OURS = key("pay.only_ours")
NOT_BY = key("pay.not_by")
FROM_WALLET = key("pay.from_wallet")
NO_CASH = key("pay.no_cash")


@flow.state("which", "each", ".")
def start(context: Context) -> Ask | Move:
    if not which_loan.owing(context):
        return Done(nothing_owed(context))
    way = _asked_for(context)
    if not which_loan.meant(context) and which_loan.means_both(context.message):
        return Go("each")
    if not which_loan.meant(context):
        return Go("which", {"way": way.name} if way else {})
    return Done(_by(context, way) if way else ways(context))


@flow.state("start", "each")
def which(context: Context) -> Ask | Move:
    return which_loan.ask(context, which_loan.goes_to("start"), of_all=lambda _: Go("each"))


@flow.state(".")
def each(context: Context) -> Ask | Move:
    """«De los dos»: how each of the loans is paid, and once whose accounts alone are ours."""
    found: list[Line] = []
    for loan in which_loan.owing(context):
        *own, only_ours = ways(Context(context.facts, {"loan_id": loan.id}, context.message))
        before = [words for words in found if words != only_ours]
        found = [*before, line(which_loan.NEXT, loan=loan.external_id), *own, only_ours]
    return Done(tuple(found))


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


def how_to_pay(loan: LoanFacts, context: Context) -> tuple[Line, ...]:
    """Every way that the loan has; and that it has none in a store, where that was asked for."""
    text = context.message.text if context.message else ""
    in_store = context.slots.get("in_store") or context.lender.ways.in_store(text)
    words = (line(NO_CASH),) if in_store and not loan.cash_reference else ()
    return (*words, *transfer(loan, context), *cash(loan, context))


def cash(loan: LoanFacts, context: Context, store: str = "") -> tuple[Line, ...]:
    """At this store, at those of the lender's file, or at any where it names none."""
    reference, stores = loan.cash_reference, store or ", ".join(context.lender.ways.stores)
    if not reference:
        return ()
    if stores:
        return (line(PAY_CASH_AT_ITEM, stores=stores, reference=reference),)
    return (line(PAY_CASH_ITEM, reference=reference),)


def _asked_for(context: Context) -> Way | None:
    """The way that the message names, or that it named before the loan was asked for."""
    ways = context.lender.ways
    if (name := context.slots.get("way")) is not None:
        return ways.get(name)
    asks = context.request.get("act") == WAY and context.message
    return ways.named_in(asks.text) if asks else None


def _by(context: Context, way: Way) -> tuple[Line, ...]:
    """By the way that is asked for, or why not and by which instead."""
    loan = context.loan
    assert loan is not None
    amount = line(PAY_AMOUNT, amount=loan.payable(context.facts.today))
    if way.by == "own":
        return (line(Key(way.key)),)
    if way.by == "spei":
        return (amount, *transfer(loan, context))
    if way.by == "transfer":
        return (line(FROM_WALLET, way=way.name), *transfer(loan, context))
    if way.by in ("cash", "store"):
        if not loan.cash_reference:
            return (line(NO_CASH), *transfer(loan, context))
        return (amount, *cash(loan, context, way.name if way.listed else ""), *_terms(way))
    return (line(NOT_BY, way=way.name), *how_to_pay(loan, context))


def _terms(store: Way) -> tuple[Line, ...]:
    """What it charges, and takes at once."""
    fee = (line(FEE_ITEM, fee=store.fee),) if store.fee else ()
    return (*fee, line(MOST_ITEM, most=store.most)) if store.most else fee


def ways(context: Context) -> tuple[Line, ...]:
    """The amount to pay now and the ways to pay it."""
    loan = context.loan
    if loan is None:
        return nothing_owed(context)
    amount = loan.payable(context.facts.today)
    only_ours = line(PAY_ONLY_OURS, lender=context.facts.lender_to(loan.id).trade_name)
    return (line(PAY_AMOUNT, amount=amount), *transfer(loan, context), *cash(loan, context), only_ours)
