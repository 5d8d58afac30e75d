"""Ending the automatic charges: at once, for anybody who writes from here, with what is already in flight."""

from collections.abc import Sequence

from flows.acts.readings.debit_end import ends_later
from flows.acts.readings.following import END_DEBIT
from flows.acts.words.signals import Signals
from flows.answers import YES_NO, agrees, drops, is_no, is_yes
from flows.context import Context
from flows.debit.charge import KEPT
from flows.engine import Ask, Done, Flow, Move, Start
from flows.types.effects import CancelMandate, Effect
from flows.types.event import Message
from flows.types.facts import MandateFacts
from flows.types.wording import Line, key, line, title

flow = Flow(
    "cancel_debit",
    private=False,
    protects=True,
    intents={"cancel_debit": title("meaning.cancel_debit")},
    acts=(END_DEBIT,),
)
suspended = Flow("debit_suspended", acts=("suspend.debit",))

DONE_PLAIN = key("cancel_debit.done_plain")
DONE_BEFORE = key("cancel_debit.done_before")
NONE = key("cancel_debit.none")
IN_FLIGHT_ITEM = key("cancel_debit.in_flight_item")
DONE = key("cancel_debit.done")
OTHER_WAYS = key("cancel_debit.other_ways")
NOT_FOR_A_TIME = key("cancel_debit.not_for_a_time")
NOT_LATER = key("cancel_debit.not_later")
_POINTLESS = ("mandate", "charge_moved", "debit_suspended")
"""What was asked of a debit that has ended."""


@flow.state("@promise", ".")
def start(context: Context) -> Ask | Move:
    """It does not cancel the debt, and is never made to depend on paying it. Terms that wait for an answer
    are gone with it.
    """
    people = (context.facts.borrower,) if context.facts.borrower else context.facts.candidates
    loans = [loan for person in people for loan in person.loans if loan.mandates]
    effects = tuple(CancelMandate(loan.id, "borrower") for loan in loans)
    if context.facts.borrower is None:
        return Done((line(DONE_PLAIN),), effects, ends=_POINTLESS)
    given = [mandate for loan in loans for mandate in loan.mandates if mandate.status != "requested"]
    if not given:
        before = context.message is not None and flow.name in context.message.already
        return _then(context, (line(DONE_BEFORE if before else NONE),), effects)
    return _then(context, ended(given), effects)


def ended(mandates: Sequence[MandateFacts]) -> tuple[Line, ...]:
    """That these have ended, what is in flight under them still, and how to pay instead."""
    heads = (line(DONE, bank=mandate.bank, last4=mandate.last4) for mandate in mandates)
    flying = (
        line(IN_FLIGHT_ITEM, amount=amount, date=day)
        for mandate in mandates
        for day, amount in mandate.charges_in_flight
    )
    return (*heads, *flying, line(OTHER_WAYS))


def _then(context: Context, lines: tuple[Line, ...], effects: tuple[Effect, ...]) -> Move:
    """«Quítenme el cobro, yo les pago el viernes»: what is promised in the same breath is read back."""
    message = context.message
    pays = message is not None and message.date is not None and Signals(message.text).pays
    if message is None or not pays or not context.who.loans:
        return Done(lines, effects, ends=_POINTLESS)
    request = {**message.gist, "intent": "promise_to_pay"}
    return Start("promise", {"request": request}, lines[:-1] or lines, effects, alone=True)


@suspended.state("@cancel_debit", ".")
def start_suspended(context: Context) -> Ask | Move:
    """It cannot be suspended, nor end on a day to come: it ends, or goes on and one charge is moved or left
    out.
    """
    if not any(loan.mandates for loan in context.who.loans):
        return Done((line(NONE),))
    later = context.message is not None and ends_later(context.message.text)
    words = (line(NOT_LATER if later else NOT_FOR_A_TIME),)
    return Ask(words, "yes_no", _ends, YES_NO, brief=words)


def _ends(context: Context, message: Message) -> Move | None:
    del context
    if is_yes(message) or agrees(message):
        return Start("cancel_debit")
    if is_no(message) or drops(message) or (message.payload is None and message.intent == "deny"):
        return Done((line(KEPT),))
    return None
