"""A further payment joins a promise: at its read-back, or once it stands."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flows.acts.words.sums import bare_sum
from flows.answers import plain
from flows.context import Context
from flows.promises.terms import Given, due, week_after
from flows.types.event import Message, PaymentPart
from flows.types.facts import PromiseFacts
from flows.types.offer import Part
from values import Money, numbered_after

_ONE_MORE = re.compile(
    r"(?:y|and|mas|tambien|plus) (?:(?:los|las|the|otr[oa]s?|unos|another|other|pago|te pago) )*\d"
)
_THE_OTHER = re.compile(
    r"(?:(?:y|and|pero|ok) )*(?:la otra|el otro|lo otro|el resto|lo demas|lo que (?:falta|queda)|"
    r"the (?:other|rest))"
    r"(?: (?:mitad|parte|pago|half|payment|one))?(?: (?:que|cuando|when)$| (?:el|para|hasta|on|by|manana|"
    r"en)\b.*|$)"
)
"""«¿Y la otra?», «la otra el viernes», after the half of it was read back."""
_ANOTHER = re.compile(
    r"\b(?:otros|another|other) (?:unos )?\d|\b(?:otro|another) (?:pago|abono|deposito|payment)\b|"
    r"\badelant\w+ \d"
)
_PLUS = re.compile(r"\b\d+ (?:pesos )?(?:mas|more|extra)\b(?! (?:tarde|adelante|bien)\b)")
_NUMBERED = re.compile(r"\b(?:el|dia|para|hasta|the|on) (?:dia )?\d{1,2}(?:st|nd|rd|th)?\b(?! de\b)")
_NOT = re.compile(r"\b(?:no|not|can t|cannot)\b")


def plus(message: Message | None, day: date) -> Money | None:
    """«100 más ese día»: what is added to the payment of `day`."""
    if message is None or message.payload is not None or message.parts or message.date not in (None, day):
        return None
    flat = plain(message.text)
    adds = _PLUS.search(flat) and not _NOT.search(flat)
    return message.amount or bare_sum(message.text) if adds else None


def further(context: Context, standing: PromiseFacts) -> dict[str, Any] | None:
    """The slots of a promise with one payment more; what stands stays: «y lo demás el 5», «y otros 200 el 5»,
    «adelanto 100 hoy», with 350 promised for the 1st.
    """
    request, text = context.request, plain(context.message.text) if context.message else ""
    parts = [PaymentPart.from_json(part) for part in request.get("parts", ())]
    first, *later = [
        (part.due_date, part.amount.centavos)
        for part in (Part(standing.due_date, standing.amount), *standing.rest)
    ]
    if added := plus(context.message, first[0]):
        return _slots((first[0], first[1] + added.centavos), later)
    rest = len(parts) == 1 and parts[0].share == "rest" and not later
    more = not parts and "amount" in request and (_ONE_MORE.match(text) or _ANOTHER.search(text))
    named = parts[0].date if rest else date.fromisoformat(request["date"]) if "date" in request else None
    if not (rest or more) or named is None:
        return None
    if context.message:
        named = week_after(named, [first[0], *(day for day, _ in later)], context.message)
    if rest and _NUMBERED.search(text):
        named = numbered_after(named, first[0])
    left = due(context, context.loan) if context.loan else standing.amount
    if rest and left < standing.amount:  # a part of it was paid: «el resto el lunes» moves what is left
        return _slots((named, left.centavos), [])
    if more and named < first[0]:
        return _slots((named, request["amount"]), [first, *later])
    if named <= (later or [first])[-1][0]:
        return None
    return _slots(first, [*later, (named, None if rest else request["amount"])])


def _slots(first: tuple[date, int], later: Sequence[tuple[date, int | None]]) -> dict[str, Any]:
    rest = [{"date": day.isoformat(), "amount": amount} for day, amount in later]
    return {"date": first[0].isoformat(), "amount": first[1], "rest": rest}


def moved(standing: PromiseFacts, wanted: Given, text: str, of: date | None = None) -> dict[str, Any]:
    """The slots of a promise that another day is wished for: of several payments one moves, the one `of` that
    day, or that the text names, or else the next; the others stay, in the order of their days.
    """
    day = wanted.day or standing.due_date
    payments = (Part(standing.due_date, standing.amount), *standing.rest)
    summed = [part for part in payments if part.amount == wanted.amount]  # «mejor el lunes los 200»
    if not standing.rest or wanted.rest or (wanted.amount and not summed):
        amount = (wanted.amount or standing.amount).centavos
        return {"date": day.isoformat(), "amount": amount, **wanted.slots}
    named = [part for part in payments if re.search(rf"\bdel? (?:dia )?{part.due_date.day}\b", plain(text))]
    moves = next((part for part in payments if part.due_date == of), (*named, *summed, *payments)[0])
    changed = (replace(part, due_date=day) if part is moves else part for part in payments)
    first, *later = sorted(changed, key=lambda part: part.due_date)
    rest = [{"date": part.due_date.isoformat(), "amount": part.amount.centavos} for part in later]
    return {**wanted.slots, "date": first.due_date.isoformat(), "amount": first.amount.centavos, "rest": rest}


def added(context: Context, message: Message) -> dict[str, Any] | None:
    """«Y el resto el 9», «y otros 300 el 9», with 300 for Friday read back: a second payment, and the first
    stays.
    """
    due_date, promised, parts = context.day("date"), context.money("amount"), message.parts
    owed = promised is not None and context.loan is not None and promised < due(context, context.loan)
    other = owed and message.amount is None and _THE_OTHER.fullmatch(plain(message.text)) is not None
    rest = other or (len(parts) == 1 and parts[0].share == "rest")
    if rest and message.date is None and message.payload is None and promised is not None:
        return {"date": None, "amount": None}  # «y el resto cuando me paguen»
    sums = not parts and message.amount is not None and _ONE_MORE.match(plain(message.text)) is not None
    later = parts[0].date if parts and rest else message.date
    if message.payload or not (rest or sums) or None in (later, due_date, promised):
        return None
    assert later is not None
    assert due_date is not None
    later = week_after(later, (due_date,), message)
    if rest and _NUMBERED.search(plain(message.text)):
        later = numbered_after(later, due_date)
    amount = message.amount.centavos if sums and message.amount else None
    return {"date": later.isoformat(), "amount": amount} if later > due_date else None
