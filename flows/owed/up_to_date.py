"""«¿Con cuánto me pongo al corriente?», «si pago 600, ¿ya quedo al corriente?»: of what is due by now."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line
from values import Money

flow = Flow("up_to_date", acts=("ask.up_to_date",))

NEEDS = key("up_to_date.needs")
ALREADY = key("up_to_date.already")
ENOUGH = key("up_to_date.enough")
ALL = key("up_to_date.all")
SHORT = key("up_to_date.short")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan, message = context.loan, context.message
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    amount = message.amount if message else None
    return Done((_needs(context, loan) if amount is None else _with(context, loan, amount),))


def _needs(context: Context, loan: LoanFacts) -> Line:
    today, coming = context.facts.today, loan.next_payment
    if coming is not None and coming.due_date > today:
        return line(ALREADY, amount=coming.amount, due_date=coming.due_date)
    return line(NEEDS, due=loan.payable(today))


def _with(context: Context, loan: LoanFacts, amount: Money) -> Line:
    due, total = loan.payable(context.facts.today), loan.outstanding.total
    if amount >= total:
        return line(ALL, total=total)
    if amount < due:
        return line(SHORT, amount=amount, lacking=due - amount)
    return line(ENOUGH, amount=amount, left=total - amount)
