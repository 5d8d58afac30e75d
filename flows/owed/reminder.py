"""The reminder: before, on and after the due date, with what can be done about it as buttons."""

from flows.engine import Ask, Context, Done, Flow, Line, Move, Start, line
from flows.types.effects import Choice
from flows.types.event import Message, Outreach
from flows.types.facts import LoanFacts

flow = Flow("reminder", version=1)

_WAYS = (Choice("pay_now", "menu.pay_now"), Choice("paid", "menu.paid"), Choice("later", "menu.later"))
_DEBIT, _AGENT = Choice("debit", "menu.debit"), Choice("agent", "menu.agent")


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
    return (*_WAYS, _DEBIT, _AGENT) if offered else (*_WAYS, _AGENT)


def _words(context: Context) -> Line:
    """With a greeting where we write first; in the middle of a conversation, to the point."""
    loan, today = context.loan, context.facts.today
    assert loan is not None
    due = loan.next_due
    assert due is not None
    opens = isinstance(context.event, Outreach)
    greeting = {"name": context.who.first_name, "lender": context.facts.lender.trade_name}
    if due.due_date > today:
        soon = {"amount": due.unpaid.total, "due_date": due.due_date}
        return line("reminder.before", **greeting, **soon) if opens else line("reminder_again.before", **soon)
    if due.due_date == today:
        return (
            line("reminder.due", **greeting, amount=due.unpaid.total)
            if opens
            else line("reminder_again.due", amount=due.unpaid.total)
        )
    late = {"amount": loan.due_by(today), "days": loan.days_past_due(today)}
    return line("reminder.late", **greeting, **late) if opens else line("reminder_again.late", **late)


def _answer(context: Context, message: Message) -> Move | None:
    """A bare «sí» to a reminder wants to pay."""
    del context
    return Start("payment_methods") if message.payload is None and message.intent == "affirm" else None
