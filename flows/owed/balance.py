"""What is owed, as of when, and how to go on."""

from flows.engine import Ask, Context, Done, Flow, Line, Move, line
from flows.owed.reminder import menu
from flows.smalltalk.hello import no_answer
from flows.types.facts import LoanFacts

flow = Flow("balance", version=1)


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loans = context.who.loans
    if not loans or not any(loan.instalments for loan in loans):
        return Done((line("balance.nothing", name=context.who.first_name),))
    lines = tuple(part for loan in loans if loan.instalments for part in _owed(loan, context))
    if not context.alone:
        return Done(lines)
    return Ask(lines, "choice", no_answer, menu(context, loans[0]), menu=True)


def _owed(loan: LoanFacts, context: Context) -> tuple[Line, ...]:
    today = context.facts.today
    due = loan.due_by(today)
    head = line("balance.loan", loan=loan.external_id, total=loan.outstanding.total, today=today)
    if due:
        return head, line("balance.due_item", amount=due, days=loan.days_past_due(today))
    upcoming = loan.next_due
    assert upcoming is not None
    return head, line("balance.next_item", amount=upcoming.unpaid.total, due_date=upcoming.due_date)
