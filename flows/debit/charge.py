"""The charge that comes next: asked about, moved to another day, not made this once, or without funds."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from flows.acts.readings.charges import asks_which
from flows.acts.readings.proposals import names_vaguely
from flows.acts.words.signals import Signals
from flows.answers import (
    YES_NO,
    agrees,
    agrees_somehow,
    drops,
    is_no,
    is_unsure,
    is_yes,
    plain,
    reports_payment,
)
from flows.buttons import AGENT
from flows.context import Context
from flows.engine import Ask, Done, Flow, Go, Move, Reprompt
from flows.owed.payment_methods import how_to_pay, ways
from flows.owed.payment_report import seen
from flows.promises.terms import NEGOTIATIONS
from flows.types.effects import CancelCharge, Choice, MoveCharge
from flows.types.event import Message
from flows.types.facts import ChargeFacts, LoanFacts, MandateFacts
from flows.types.wording import Line, key, line, title
from values import Money, is_banking_day, roll_back, roll_forward

asked = Flow("charge_asked", acts=("ask.charge", "ask.debit", "ask.old_account", "keep.charge"))
cancelled = Flow("charge_cancelled", protects=True, acts=("cancel.charge", "replace.charge"))
restored = Flow("charge_restored", acts=("restore.charge", "retry.charge"))
moved = Flow("charge_moved", acts=("move.charge", "fund.charge", "share.charge", "shrink.charge"))

STANDING = key("mandate.standing")
ON_ITS_WAY = key("mandate.on_its_way")
NOT_YET = key("mandate.not_yet_charged")
OLD_STAYS = key("mandate.old_stays")
NEXT = key("charge.next")
IN_FLIGHT = key("charge.in_flight")
IN_FLIGHT_ITEM = key("charge.in_flight_item")
NONE_PLANNED = key("charge.none_planned")
END_ALL = key("charge.end_all")
UNKNOWN_ONE = key("charge.unknown_one")
NO_DEBIT = key("charge.no_debit")
KEPT = key("charge.kept")
CANCELLED = key("charge.cancelled")
CANCELLED_BEFORE = key("charge.cancelled_before")
NOT_RESTORED = key("charge.not_restored")
NOT_RETRIED = key("charge.not_retried")
TOO_LATE = key("charge.too_late")
ASK_DAY = key("charge.ask_day")
OFFER = key("charge.offer")
WHOLE_ONLY = key("charge.whole_only")
REST_CHARGED = key("charge.rest_charged")
NOT_THAT_DAY = key("charge.not_that_day")
NO_BANKS = key("charge.no_banks")
TOO_FAR = key("charge.too_far")
READ_BACK = key("charge.read_back")
MOVED = key("charge.moved")
NEED_A_YES = key("charge.need_a_yes")
LEFT = key("charge.left")
HELD = key("charge.held")
MOVE_TITLE = title("charge.move_choice")
CANCEL_TITLE = title("charge.cancel_choice")
_AT_THE_BANK = ("authorized", "submitted")
_WEEKDAY = re.compile(
    r"\b(?:lunes|martes|miercoles|jueves|viernes|monday|tuesday|wednesday|thursday|friday)\b"
)


_FOR_THAT_DAY = re.compile(
    r"\b(?:mejor|al|para|pal?|hasta|sea|better|to|until) (?:(?:el|on|dia|the) )*(?:\d|manana\b|tomorrow\b|"
    rf"{_WEEKDAY.pattern})"
)
"""The day that is wished, next to another that is not: «no me cobren mañana, mejor el viernes»."""
_NOT_THIS_TIME = re.compile(
    r"\b(?:don t|dont|do not) (?:do|make|run) it\b|\bskip (?:it|this|that)\b|\bnot this time\b|"
    r"\b(?:esta vez no|no esta vez|mejor no|que no se haga)\b"
)


_WAS_IT_MADE = re.compile(
    r"\b(?:ya|si) (?:se )?(?:me )?(?:cobraron|descontaron|cargaron|cobro|hizo)\b|"
    r"\b(?:si|ya) (?:me )?(?:paso|entro|salio|pasaron)(?: (?:el|mi))? (?:cargo|cobro|descuento)\b|"
    r"\b(?:was i|have i been) charged\b|\bdid (?:it|the charge|you charge)\b"
)


def _charged(context: Context) -> LoanFacts | None:
    """The loan whose next charge is spoken of."""
    return next((loan for loan in context.who.loans if loan.announced_charge), None)


def _next(context: Context) -> ChargeFacts | None:
    loan = _charged(context)
    return loan.announced_charge if loan else None


def _too_late(context: Context) -> tuple[Line, ...]:
    return _in_flight(context) or (line(TOO_LATE),)


def _in_flight(context: Context) -> tuple[Line, ...]:
    charges = [charge for mandate in _mandates(context) for charge in mandate.charges_in_flight]
    words = IN_FLIGHT if len(charges) == 1 else IN_FLIGHT_ITEM
    return tuple(line(words, amount=amount, date=day) for day, amount in charges)


def _made(context: Context) -> tuple[Line, ...]:
    """«¿Ya me cobraron?», where the money is in the loan."""
    text = context.message.text if context.message else ""
    loan = context.loan
    if loan is None or _in_flight(context) or not _WAS_IT_MADE.search(plain(text)):
        return ()
    return seen(loan, loan.paid_lately)


@asked.state(".")
def start(context: Context) -> Ask | Move:
    """What is true at this moment: the charge that is planned, those at the bank, or that there is none."""
    if context.request.get("act") == "keep.charge" and (stays := _stays(context)):
        return Done(stays)
    if context.request.get("act") == "ask.old_account":
        return Done(_old_account(context))
    if made := _made(context):
        return Done(made)
    coming = _coming(context) + _in_flight(context)
    standing = next((each for each in _mandates(context) if each.status != "requested"), None)
    waits = standing is not None and standing.status in _AT_THE_BANK
    if context.request.get("act") == "ask.debit" and standing is not None:
        if context.message is not None and Signals(context.message.text).keeping:
            return Done((line(KEPT), *coming))
        account = {"bank": standing.bank, "last4": standing.last4}
        if waits:
            return Done((line(ON_ITS_WAY, **account, folio=standing.folio), *coming))
        return Done((line(STANDING, **account), *(coming or (line(NONE_PLANNED),))))
    if coming:
        return Done(coming)
    unknown = (line(UNKNOWN_ONE),) if context.message and asks_which(context.message.text) else ()
    if standing is None:
        return Done((line(NO_DEBIT), *unknown))
    most = {"bank": standing.bank, "last4": standing.last4, "max_amount": standing.max_amount}
    return Done((line(NOT_YET, **most) if waits else line(NONE_PLANNED), *unknown))


def _held(context: Context) -> tuple[Line, ...]:
    """No charge is made of a loan while a payment of it is promised."""
    promised = (loan.promise for loan in context.who.loans if loan.promise and loan.announced_charge)
    return tuple(line(HELD, amount=each.amount, due_date=each.due_date) for each in promised)[:1]


def _coming(context: Context) -> tuple[Line, ...]:
    charge = _next(context)
    if held := _held(context):
        return held
    return (line(NEXT, amount=charge.amount, charge_on=charge.charge_on),) if charge else ()


def _mandates(context: Context) -> Iterator[MandateFacts]:
    return (mandate for loan in context.who.loans for mandate in loan.mandates)


def _stays(context: Context) -> tuple[Line, ...]:
    charge = _next(context)
    if held := _held(context):
        return held
    return (line(LEFT, amount=charge.amount, charge_on=charge.charge_on),) if charge else ()


def _old_account(context: Context) -> tuple[Line, ...]:
    """The account that is charged until another takes its place."""
    standing = (loan.mandate for loan in context.who.loans if loan.mandate)
    return tuple(line(OLD_STAYS, bank=mandate.bank, last4=mandate.last4) for mandate in standing)


@cancelled.state(".")
def start_cancelling(context: Context) -> Ask | Move:
    """Always possible in time, and done at once; the debit itself goes on, and what is owed stays owed."""
    charge = _next(context)
    if context.facts.refused == "charge_too_late":
        return Done(_too_late(context))
    if charge is None:
        before = context.message is not None and cancelled.name in context.message.already
        none = (line(CANCELLED_BEFORE),) if before else (line(NONE_PLANNED), line(END_ALL))
        return Done(_in_flight(context) or none, ends=("charge_moved",))
    words = line(CANCELLED, amount=charge.amount, charge_on=charge.charge_on)
    return Done((words,), (CancelCharge(charge.id),), ends=("charge_moved",))


@restored.state(".")
def start_restoring(context: Context) -> Ask | Move:
    """A charge that was cancelled, or that the bank did not make, is not planned again by asking: it is paid
    by hand. One that comes anyway is told of.
    """
    retries = context.request.get("act") == "retry.charge"
    if retries and (charge := _next(context)):
        return Done((line(NEXT, amount=charge.amount, charge_on=charge.charge_on),))
    if retries and (flying := _in_flight(context)):
        return Done(flying)
    words = line(NOT_RETRIED if retries else NOT_RESTORED)
    return Done((words, *(ways(context) if context.loan else ())))


@moved.state("offer", "day", "confirm", ".")
def start_moving(context: Context) -> Ask | Move:
    charge, request = _next(context), context.request
    if charge is None:
        return Done(_in_flight(context) or (line(NONE_PLANNED),))
    if charge.first_day is None:
        return Done(_too_late(context))
    if request.get("act") == "share.charge":
        return _shared(context, charge)
    lacks = request.get("act") == "fund.charge"
    wanted = request.get("date")
    if wanted and not (lacks and wanted == context.facts.today.isoformat()):  # «hoy no traigo»
        if date.fromisoformat(wanted) != charge.charge_on:
            return Go("confirm", {"date": _meant(context, date.fromisoformat(wanted))})
        if context.message and _FOR_THAT_DAY.search(plain(context.message.text)):
            return Done(_stays(context))
    if request.get("act") == "shrink.charge":
        return Go("offer", {"shrink": True})
    return Go("offer" if lacks else "day")


def _shared(context: Context, charge: ChargeFacts) -> Move:
    """A charge takes what is left when it leaves: a part that is paid before is not charged."""
    part = context.named_sum or Money(-(-charge.amount.centavos // 2))
    day, loan = context.request.get("date"), _charged(context)
    before = day is None or date.fromisoformat(day) < charge.charge_on
    if loan is None or not before or part >= charge.amount:
        return Go("offer", {"shrink": True})
    left = charge.amount - part
    words = line(REST_CHARGED, amount=part, rest=left, whole=charge.amount, charge_on=charge.charge_on)
    return Done((words, *how_to_pay(loan, context)), ends=NEGOTIATIONS)


@moved.state("day", "confirm", ".")
def offer(context: Context) -> Ask | Move:
    """No money on that day: another day, or not this once."""
    if (charge := _next(context)) is None:
        return Done()
    choices = (Choice("charge.move", MOVE_TITLE), Choice("charge.cancel", CANCEL_TITLE), AGENT)
    words = line(
        WHOLE_ONLY if context.slots.get("shrink") else OFFER, amount=charge.amount, charge_on=charge.charge_on
    )
    return Ask((words,), "choice", _offered, choices)


def _meant(context: Context, day: date) -> str:
    """A weekday that comes too early for the charge is the one of the week after."""
    charge, text = _next(context), context.message.text if context.message else ""
    early = charge is not None and charge.first_day is not None and day < charge.first_day
    if early and _WEEKDAY.search(plain(text)) and not any(sign.isdigit() for sign in text):
        day += timedelta(weeks=1)
    return day.isoformat()


def _offered(context: Context, message: Message) -> Move | None:
    if message.payload == "charge.move":
        return Go("day")
    if message.payload == "charge.cancel":
        return _cancel(context)
    says = Signals(message.text)
    undated = message.date is None and (says.not_charge or _NOT_THIS_TIME.search(says.flat))
    if message.payload is None and (says.cancel or undated):
        return _cancel(context)
    return _read_day(context, message)


def _cancel(context: Context) -> Move:
    charge = _next(context)
    if charge is None:
        return Done()
    words = line(CANCELLED, amount=charge.amount, charge_on=charge.charge_on)
    return Done((words,), (CancelCharge(charge.id),))


@moved.state("confirm", "day", ".")
def day(context: Context) -> Ask | Move:
    charge = _next(context)
    if charge is None or charge.last_day is None:
        return Done((line(TOO_LATE),))
    words = line(ASK_DAY, first=charge.first_day, latest=charge.last_day)
    return Ask((words,), "date", _read_day, brief=(words,))


def _read_day(context: Context, message: Message) -> Move | None:
    if reports_payment(message):
        return None
    if message.payload is None and message.date is not None:
        return Go("confirm", {"date": _meant(context, message.date)})
    if names_vaguely(message):
        return Go("day")
    if message.payload is None and message.act == "cancel.charge":
        return None
    return Done(_stays(context)) if drops(message) or is_no(message) or is_unsure(message) else None


@moved.state("confirm", "day", "offer", ".")
def confirm(context: Context) -> Ask | Move:
    """Read back; a plain yes moves it, and the new day is announced afresh."""
    charge, wanted = _next(context), context.day("date")
    if charge is None or charge.first_day is None or charge.last_day is None:
        return Done(_too_late(context))
    assert wanted is not None
    if wanted == charge.charge_on:
        return Done(_stays(context))
    if wanted > charge.last_day:  # asked for once more, it is not made at all, or on a day that can be
        too_far = line(TOO_FAR, latest=charge.last_day)
        return Go("offer" if context.slots.get("far") else "day", {"far": True}, (too_far,))
    if context.facts.refused == "charge_day" or wanted < charge.first_day:
        return Go("day", lines=(line(NOT_THAT_DAY),))
    if not is_banking_day(wanted):
        nearest = roll_forward(wanted)
        nearest = nearest if nearest <= charge.last_day else roll_back(wanted)
        return Go("confirm", {"date": nearest.isoformat(), "rolled": True}, (line(NO_BANKS, day=wanted),))
    words = _read_back(charge, wanted)
    moves = () if context.facts.refused or context.slots.get("rolled") else (MoveCharge(charge.id, wanted),)
    return Ask((words,), "yes_no", _confirmed, YES_NO, binds=True, brief=(words,), silently=moves)


def _read_back(charge: ChargeFacts, wanted: date) -> Line:
    return line(READ_BACK, amount=charge.amount, charge_on=charge.charge_on, to=wanted)


def _confirmed(context: Context, message: Message) -> Move | None:
    charge, wanted = _next(context), context.day("date")
    assert charge is not None
    assert wanted is not None
    if reports_payment(message):
        return None
    same = message.date in (None, wanted)
    if is_yes(message) or (same and agrees(message)):
        moved_to = line(MOVED, amount=charge.amount, to=wanted)
        return Done((moved_to,), (MoveCharge(charge.id, wanted),))
    if message.payload is None and message.date is not None and not same:
        return Go("confirm", {"date": _meant(context, message.date), "rolled": None})
    if names_vaguely(message):
        return Go("day")
    if is_no(message) or drops(message) or (message.payload is None and message.intent == "deny"):
        return Done(_stays(context))
    if is_unsure(message):
        return Done(_stays(context))
    named = message.payload is None and message.date is not None  # the day that is read back
    again = Reprompt((line(NEED_A_YES), _read_back(charge, wanted)))
    return again if named or agrees_somehow(message) else None
