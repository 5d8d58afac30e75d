"""A part today: taken as a promise for today, and what stays open is named."""

from typing import Any

from flows.acts.readings.agreed import agrees_to_terms
from flows.acts.words.sums import parts_meant
from flows.answers import YES_NO, is_no
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Reprompt, Start
from flows.offers.wishes import wish_of
from flows.owed.nothing import nothing_owed
from flows.owed.payment_methods import transfer
from flows.promises.terms import amount_problem, charge_lines
from flows.types.effects import MakePromise
from flows.types.event import Message
from flows.types.wording import Line, key, line
from values import Money

flow = Flow("partial", payloads=("partial",))

ASK_AMOUNT = key("offers.partial_ask")
READ_BACK = key("offers.partial_read_back")
MADE = key("offers.partial_made")
NOT_NOW = key("offers.not_now")
NEED_A_YES = key("promise.yes_or_no")


@flow.state("amount", "confirm", ".")
def start(context: Context) -> Ask | Move:
    loan = context.loan
    if loan is None or not loan.instalments:
        return Done(nothing_owed(context))
    if "amount" in context.request:
        return Go("confirm", {"loan_id": loan.id, "amount": context.request["amount"]})
    return Go("amount", {"loan_id": loan.id})


@flow.state("confirm", ".")
def amount(context: Context) -> Ask | Move:
    del context
    return Ask((line(ASK_AMOUNT),), "amount", _read_amount)


def _read_amount(context: Context, message: Message) -> Move | None:
    if is_no(message):
        return Done((line(NOT_NOW),))
    if message.amount is None:
        return None
    if context.loan is None:
        return Done()
    problem = amount_problem(context, context.loan, message.amount)
    return Reprompt((problem,)) if problem else Go("confirm", {"amount": message.amount.centavos})


@flow.state("amount", "confirm", "@plan", ".")
def confirm(context: Context) -> Ask | Move:
    loan, wanted = context.loan, context.money("amount")
    assert wanted is not None
    if loan is None:
        return Done()
    if problem := amount_problem(context, loan, wanted):
        return Go("amount", lines=(problem,))
    return Ask((_read_back(context, wanted),), "yes_no", _confirmed, YES_NO, binds=True)


def _read_back(context: Context, wanted: Money) -> Line:
    loan = context.loan
    assert loan is not None
    return line(READ_BACK, amount=wanted, rest=loan.outstanding.total - wanted, loan=loan.external_id)


def _rest_in_parts(context: Context, message: Message, first: Money) -> dict[str, Any]:
    """«Mejor en 4», of what is left: the request of a plan that begins with the part of today."""
    wish = wish_of(message, context.facts.today)
    parts = wish.parts or parts_meant(message.text)
    if message.payload is not None or not (parts or wish.frequency):
        return {}
    asked = {"instalments": parts, "frequency": wish.frequency}
    named = {name: value for name, value in asked.items() if value is not None}
    return named | {"down": first.centavos, "date": context.facts.today.isoformat()}


def _confirmed(context: Context, message: Message) -> Move | None:
    loan, wanted = context.loan, context.money("amount")
    assert loan is not None
    assert wanted is not None
    if agrees_to_terms(message):
        charge = loan.announced_charge.id if loan.announced_charge else None
        promise = MakePromise(loan.id, wanted, context.facts.today, charge)
        made = line(MADE, amount=wanted)
        return Done((made, *charge_lines(loan), *transfer(loan, context)), (promise,))
    if spread := _rest_in_parts(context, message, wanted):
        return Start("plan", {"loan_id": loan.id, "request": spread})
    if message.amount is not None and message.payload is None:
        return Go("confirm", {"amount": message.amount.centavos})
    if is_no(message) or message.intent == "deny":
        return Done((line(NOT_NOW),))
    return Reprompt((line(NEED_A_YES), _read_back(context, wanted))) if message.intent == "affirm" else None
