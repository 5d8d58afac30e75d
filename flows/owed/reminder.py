"""The reminder: before, on and after the due date, with what can be done about it as buttons."""

from flows.buttons import AGENT, DEBIT, LATER, PAID, PAY_NOW
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.effects import Choice
from flows.types.event import Message, Outreach
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line

flow = Flow("reminder", version=1)

BEFORE = key("reminder.before")
REMINDER_AGAIN_BEFORE = key("reminder_again.before")
DUE = key("reminder.due")
REMINDER_AGAIN_DUE = key("reminder_again.due")
LATE = key("reminder.late")
REMINDER_AGAIN_LATE = key("reminder_again.late")

_WAYS = (PAY_NOW, PAID, LATER)


@flow.state(".", "@payment_methods")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done()
    return Ask((_words(context),), "choice", _answer, menu(context, loan), menu=True)


def menu(context: Context, loan: LoanFacts) -> tuple[Choice, ...]:
    """The automatic charge is offered to whoever has not got one."""
    offered = context.facts.policy.mandate_offered and all(
        mandate.status == "requested" for mandate in loan.mandates
    )
    return (*_WAYS, DEBIT, AGENT) if offered else (*_WAYS, AGENT)


def _words(context: Context) -> Line:
    """With a greeting where we write first; in the middle of a conversation, to the point."""
    loan, today = context.loan, context.facts.today
    assert loan is not None
    due = loan.next_payment
    assert due is not None
    opens = isinstance(context.event, Outreach)
    greeting = {"name": context.who.first_name, "lender": context.facts.lender_to(loan.id).trade_name}
    if due.due_date > today:
        soon = {"amount": due.amount, "due_date": due.due_date}
        return line(BEFORE, **greeting, **soon) if opens else line(REMINDER_AGAIN_BEFORE, **soon)
    if due.due_date == today:
        return (
            line(DUE, **greeting, amount=due.amount) if opens else line(REMINDER_AGAIN_DUE, amount=due.amount)
        )
    late = {"amount": loan.payable(today), "days": (today - due.due_date).days}
    return line(LATE, **greeting, **late) if opens else line(REMINDER_AGAIN_LATE, **late)


def _answer(context: Context, message: Message) -> Move | None:
    """A bare «sí» to a reminder wants to pay."""
    loan = context.loan
    if loan is None or message.payload is not None or message.intent != "affirm":
        return None
    return Start("payment_methods", {"loan_id": loan.id})
