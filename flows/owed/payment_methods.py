"""How to pay: the lender's own CLABE and reference, cash."""

from flows.engine import Ask, Context, Done, Flow, Line, Move, line
from flows.types.facts import LoanFacts
from values import bank_name

flow = Flow("payment_methods", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done((line("balance.nothing", name=context.who.first_name),))
    return Done(ways(context))


def transfer(loan: LoanFacts, context: Context) -> tuple[Line, ...]:
    """The CLABE to pay into, with its bank and holder, and the reference."""
    lender = context.facts.lender
    clabe = loan.pay_clabe or lender.pay_clabe
    lines = (
        line(
            "pay.spei_item",
            clabe=clabe,
            bank=bank_name(clabe[:3]) or lender.pay_bank,
            holder=lender.legal_name,
        ),
    )
    return (*lines, line("pay.reference_item", reference=loan.pay_reference)) if loan.pay_reference else lines


def ways(context: Context) -> tuple[Line, ...]:
    """The amount to pay now and the ways to pay it."""
    loan, lender = context.loan, context.facts.lender
    assert loan is not None
    upcoming = loan.next_due
    amount = loan.due_by(context.facts.today) or (
        upcoming.unpaid.total if upcoming else loan.outstanding.total
    )
    lines = [
        line("pay.amount", amount=amount),
        *transfer(loan, context),
    ]
    if loan.cash_reference:
        lines.append(line("pay.cash_item", reference=loan.cash_reference))
    return (*lines, line("pay.only_ours", lender=lender.trade_name))
