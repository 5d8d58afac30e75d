"""What is owed, as of when, and how to go on."""

from flows import which_loan
from flows.acts.readings.other_loan import points_at_one
from flows.acts.words.asked import FIRST, LEAST, REMAINDER
from flows.context import Context
from flows.engine import Ask, Done, Flow, Move
from flows.owed.nothing import nothing_owed
from flows.owed.reminder import menu
from flows.smalltalk.hello import no_answer
from flows.types.facts import LoanFacts
from flows.types.wording import Line, key, line, title
from values import Money

flow = Flow(
    "balance",
    intents={"ask_balance": title("meaning.ask_balance")},
    acts=(FIRST, LEAST, REMAINDER),
    payloads=("balance",),
)

LOAN = key("balance.loan")
DUE_ITEM = key("balance.due_item")
NEXT_ITEM = key("balance.next_item")
PLAN_ITEM = key("balance.plan_item")
REVIEW_ITEM = key("balance.review_item")
CREDIT = key("balance.credit")
AFTER = key("balance.after")
PAID_OFF_BY = key("balance.paid_off_by")
FIRST_LATE = key("balance.first_late")
FIRST_NEXT = key("balance.first_next")
LEAST_PLAN = key("balance.least_plan")
LEAST_DUE = key("balance.least_due")
LEAST_NEXT = key("balance.least_next")


@flow.state(".")
def start(context: Context) -> Ask | Move:
    loans = context.who.loans
    if not loans or not any(loan.instalments for loan in loans):
        return Done((*nothing_owed(context), *credit(context)))
    named = which_loan.named(context, context.message.text) if context.message else None
    if named is None and context.message and points_at_one(context.message.text):
        named = context.loan
    if named is not None:
        loans = (named,)
    if context.request.get("act") == REMAINDER:
        return Done((_after(loans[0], Money(context.request["amount"])),))
    if context.request.get("act") == FIRST:
        return Done((_first(context, loans),))
    if context.request.get("act") == LEAST:
        return Done(tuple(_least(loan, context) for loan in loans if loan.instalments))
    owed = tuple(
        part for loan in loans if loan.instalments for part in (*_owed(loan, context), *_in_review(loan))
    )
    lines = (*owed, *credit(context))
    if not context.alone:
        return Done(lines)
    return Ask(lines, "choice", no_answer, menu(context, loans[0]), menu=True)


def _first(context: Context, loans: tuple[LoanFacts, ...]) -> Line:
    """The loan whose payment is the oldest: what comes in late costs most."""
    owing = [(due, loan) for loan in loans if (due := loan.next_payment)]
    due, loan = min(owing, key=lambda each: each[0].due_date)
    days = (context.facts.today - due.due_date).days
    if days > 0:
        return line(FIRST_LATE, loan=loan.external_id, amount=due.amount, due_date=due.due_date)
    return line(FIRST_NEXT, loan=loan.external_id, amount=due.amount, due_date=due.due_date)


def _in_review(loan: LoanFacts) -> tuple[Line, ...]:
    """A payment that was reported and is not posted yet."""
    return (line(REVIEW_ITEM),) if "payment_reported" in loan.holds else ()


def credit(context: Context) -> tuple[Line, ...]:
    """What was paid beyond what is owed, where there is any."""
    amount = context.who.credit
    return (line(CREDIT, amount=amount),) if amount else ()


def _after(loan: LoanFacts, amount: Money) -> Line:
    """«¿Y si doy 300, cuánto queda?»"""
    total = loan.outstanding.total
    if amount >= total:
        return line(PAID_OFF_BY, loan=loan.external_id, total=total)
    return line(AFTER, loan=loan.external_id, amount=amount, rest=total - amount)


def _least(loan: LoanFacts, context: Context) -> Line:
    """The smallest sum that helps now."""
    due, upcoming = loan.due_by(context.facts.today), loan.next_payment
    assert upcoming is not None
    if loan.plan and loan.plan.next_part:
        words = LEAST_PLAN
    elif due:
        return line(LEAST_DUE, loan=loan.external_id, amount=due)
    else:
        words = LEAST_NEXT
    return line(words, loan=loan.external_id, amount=upcoming.amount, due_date=upcoming.due_date)


def _owed(loan: LoanFacts, context: Context) -> tuple[Line, ...]:
    today = context.facts.today
    due = loan.due_by(today)
    head = line(LOAN, loan=loan.external_id, total=loan.outstanding.total, today=today)
    if loan.plan and (part := loan.plan.next_part):
        return head, line(PLAN_ITEM, folio=loan.plan.folio, amount=part.amount, due_date=part.due_date)
    if due and (days := loan.days_past_due(today)):
        return head, line(DUE_ITEM, amount=due, days=days)
    upcoming = loan.next_due
    assert upcoming is not None
    return head, line(NEXT_ITEM, amount=upcoming.unpaid.total, due_date=upcoming.due_date)
