"""«¿Con cuánto liquido?»: what closes the loan on a day, and the agreement to it where it saves something."""

from datetime import date

from flows.acts.readings.agreed import agrees_to_terms
from flows.acts.readings.terms import asks_payoff
from flows.answers import is_no, leans_yes, reports_payment
from flows.buttons import LATER, PAY_NOW
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Start
from flows.offers import of_loans
from flows.offers.agreement import (
    offer_of,
    policy_of,
    propose,
    read_back,
    say_yes,
    situation,
    stopped,
    unsure,
)
from flows.offers.arithmetic import payoff
from flows.offers.wishes import pays_all
from flows.types.event import Message
from flows.types.facts import LoanFacts
from flows.types.wording import key, line

flow = Flow("payoff", acts=("ask.payoff",), payloads=("payoff",))

AMOUNT = key("offers.payoff_amount")
NO_LOWER = key("offers.no_lower")
NOT_NOW = key("offers.not_now")
CHANGED = key("offers.changed")


@flow.state("start", "which", "amount", "confirm", ".", "!")
def start(context: Context) -> Ask | Move:
    """As of the day that was named, or today."""
    if of_which := of_loans.of_several(context, _owes):
        return of_which
    if (move := stopped(context, "payoff_request")) is not None:
        return move
    loan, today = context.loan, context.facts.today
    assert loan is not None
    named = context.request.get("date", "")
    day = max(today, date.fromisoformat(named)) if named else today
    offer = payoff(policy_of(context), situation(context, loan), day)
    if offer.discount:
        return propose(context, loan, offer)
    return Go("amount", {"loan_id": loan.id, "day": day.isoformat()})


def _owes(loan: LoanFacts) -> bool:
    return bool(loan.instalments)


@flow.state("start")
def which(context: Context) -> Ask:
    return of_loans.ask(context, _owes)


@flow.state("start", "@promise", "@payoff", "@payment_methods", ".")
def amount(context: Context) -> Ask | Move:
    loan, day = context.loan, context.day("day")
    assert day is not None
    if loan is None:
        return Done()
    words = line(AMOUNT, total=loan.outstanding.total, day=day, loan=loan.external_id)
    if after := of_loans.next_one("payoff", context, (words,), ()):
        return after
    return Ask((words,), "choice", _read_amount, (PAY_NOW, LATER), menu=True)


def _read_amount(context: Context, message: Message) -> Move | None:
    """«Lo pago todo el viernes»: all that closes it."""
    if other := of_loans.other_one(context, message):
        return other
    if leans_yes(message) and context.loan is not None:
        return Start("payment_methods", {"loan_id": context.loan.id})
    return _on_day(context, message) if pays_all(message) else None


def _on_day(context: Context, message: Message) -> Move | None:
    loan = context.loan
    if loan is None:
        return None
    request = {**message.gist, "parts": [], "amount": loan.outstanding.total.centavos}
    return Start("promise", {"loan_id": loan.id, "request": request})


def _as_of(context: Context, message: Message) -> Move | None:
    """«¿Y si liquido el viernes?»: what closes it then; of the day that is read back, a plain yes."""
    loan, day = context.loan, message.date
    assert loan is not None
    assert day is not None
    if day == offer_of(context).first.due_date:
        return Go("confirm") if asks_payoff(message.text) else unsure(context)
    if day >= context.facts.today and payoff(policy_of(context), situation(context, loan), day).discount:
        return Go("start", {"request": {**context.request, "date": day.isoformat()}})
    return _on_day(context, message)


@flow.state("start", "confirm", "@promise", "@payoff", ".", "!")
def confirm(context: Context) -> Ask | Move:
    if (move := stopped(context, "payoff_request")) is not None:
        return move
    loan, offer = context.loan, offer_of(context)
    assert loan is not None
    if offer.total + offer.discount != loan.outstanding.total:
        return Go("start", lines=(line(CHANGED),))
    return read_back(context, _confirmed)


def _confirmed(context: Context, message: Message) -> Move | None:
    if other := of_loans.other_one(context, message):
        return other
    if agrees_to_terms(message):
        return say_yes(context, "payoff")
    if message.payload is None and message.amount is not None and message.amount < offer_of(context).total:
        return Go("confirm", lines=(line(NO_LOWER),))
    if message.payload is None and message.intent == "request_discount":
        return Go("confirm")  # what is saved stands in what is read back
    dated = message.payload is None and message.date is not None and message.amount is None
    if dated and not reports_payment(message):
        return _as_of(context, message)
    if is_no(message) or message.intent == "deny":
        return Done((line(NOT_NOW),))
    return unsure(context) if message.intent == "affirm" else None
