"""Which payments are left, when each falls due, and when it is over."""

from flows import which_loan
from flows.acts.words.asked import LAST, PROGRESS, SCHEDULE
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move
from flows.owed.nothing import nothing_owed
from flows.types.wording import key, line

flow = Flow("schedule", acts=(LAST, PROGRESS, SCHEDULE))

ONLY = key("schedule.only")
LAST_OF = key("schedule.last")
LEFT = key("schedule.left")
NEXT = key("schedule.next")
ITEM = key("schedule.left_item")
PLACE = key("schedule.place")
_SHOWN = 6
"""Payments that are listed; of more, the next ones and the last."""
_NEXT = 3


@flow.state("which", ".")
def start(context: Context) -> Ask | Move:
    if not which_loan.owing(context):
        return Done(nothing_owed(context))
    loan = which_loan.meant(context)
    if loan is None:
        return Go("which")
    payments, act = loan.payments, context.request.get("act")
    last = line(LAST_OF, amount=payments[-1].amount, due_date=payments[-1].due_date, count=len(payments))
    items = tuple(line(ITEM, amount=each.amount, due_date=each.due_date) for each in payments)
    if act == PROGRESS and loan.plan is None:
        return Done((line(PLACE, number=loan.instalments[0].number, count=len(payments)),))
    if len(payments) == 1:
        return Done((line(ONLY, amount=payments[0].amount, due_date=payments[0].due_date),))
    if act == LAST:
        return Done((last,))
    if len(payments) > _SHOWN:
        return Done((line(NEXT, count=len(payments)), *items[:_NEXT], last))
    return Done((line(LEFT, count=len(payments)), *items))


@flow.state("start")
def which(context: Context) -> Ask | Move:
    return which_loan.ask(context, which_loan.goes_to("start"))
