"""When the next payment is due, or is promised."""

from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.promises.standing import promise_lines
from flows.types.wording import key, line, title

flow = Flow("due_date", intents={"ask_due_date": title("meaning.ask_due_date")})

PASSED = key("due_date.passed")
NEXT = key("due_date.next")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or (due := loan.next_payment) is None:
        return Done(nothing_owed(context))
    agreed = promise_lines(loan, loan.promise) if loan.promise else ()
    late = (context.facts.today - due.due_date).days
    if late > 0 and not agreed:
        return Done((line(PASSED, amount=due.amount, due_date=due.due_date, days=late),))
    coming = next((each for each in loan.payments if each.due_date >= context.facts.today), None)
    upcoming = (line(NEXT, amount=coming.amount, due_date=coming.due_date),) if coming else ()
    return Done((*agreed, *upcoming))
