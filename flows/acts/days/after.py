"""«No puedo el lunes, puede ser el miércoles»: the day after the one that does not suit, not before it."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flows.answers import plain
from flows.types.event import Message

WEEKDAYS = (
    "lunes|monday",
    "martes|tuesday",
    "miercoles|wednesday",
    "jueves|thursday",
    "viernes|friday",
    "sabado|saturday",
    "domingo|sunday",
)
_DAY = rf"(?P<day>{'|'.join(WEEKDAYS)})"
_CANNOT = (
    r"\b(?:no (?:voy a |creo que |creo )?(?:pued[ao]|podre|podria|poder|alcanzo|llego|tengo|me (?:es posible|"
    r"alcanza|pagan|queda))|(?:can t|cant|cannot|won t be able to)(?: (?:pay|make it|do it))?)"
)
_REFUSED = re.compile(rf"{_CANNOT}(?: \w+){{0,4}}? {_DAY}\b")
_ANY_DAY = rf"(?:{'|'.join(WEEKDAYS)}|hoy|ahorita|manana|quincena|today|tomorrow|(?:el|al|dia|the) \d{{1,2}})"
_PAYS = (
    r"(?:pued[ao]|podre|podria|poder|pag(?:ar|o|are)|deposit(?:ar|o|are)|abon(?:ar|o|are)|"
    r"transf(?:erir|iero|erire)|alcanzo|llego|pay|make it|do it)"
)
_PAYS_NOT = (
    rf"\b(?:no (?:(?:te|les?|lo|la|los|las|se|voy a|creo que|creo) )*{_PAYS}"
    r"|(?:can t|cant|cannot|won t|wont|will not|not going to)(?: be able to)?(?: (?:pay|make it|do it))?|"
    r"not paying)\b"
)
_REFUSES = re.compile(
    rf"{_PAYS_NOT}(?: (?!(?:hasta|antes|sino|porque|que|until|before|because|but|pero)\b)\w+){{0,3}}? "
    rf"{_ANY_DAY}\b|"
    rf"\b{_ANY_DAY}(?: (?:ya|si|la verdad|de plano|siempre|i))* {_PAYS_NOT}"
)
_NEXT = re.compile(
    r"\b(?:el|la|the) (?:que sigue|siguiente|proxim[oa]|que viene|que entra|otr[oa]|next one|one after|"
    r"following)\b"
)
_WEEK = timedelta(days=7)
_PAST = re.compile(
    r"(?:(?:pero|y|no|mejor|hasta|que sea|seria|puede ser|podria ser|yo|ya|can it be|how about|maybe) )*"
    r"(?:despues|pasando|luego|after)(?: (?:del?|el|dia|the))*"
    rf"(?: (?P<number>\d{{1,2}})(?:st|nd|rd|th)?| {_DAY})"
    r"(?: (?:por favor|porfa|mejor|please|podria|puedo|te pago|les pago|pago))*"
)


def past_day(message: Message, today: date, *, asked: bool) -> Message:
    """«Después del 9», where a day to pay is asked for: the day after it."""
    found = _PAST.fullmatch(plain(message.text)) if asked else None
    if found is None:
        return message
    named = message.date or (_next_of(int(found["number"]), today) if found["number"] else None)
    if named is None:
        return message
    day = named + timedelta(days=1)
    return replace(message, date=day, intent="promise_to_pay", topic=None, also=(), certain=True)


def _next_of(number: int, today: date) -> date | None:
    """The next day of this number, within a month."""
    days = (today + timedelta(days=ahead) for ahead in range(31))
    return next((day for day in days if day.day == number), None)


def refuses_its_day(message: Message) -> bool:
    """«No te voy a pagar el viernes», «el viernes no puedo»: the one day that it names is no day to pay."""
    flat = plain(message.text)
    asks = "?" in message.text or message.amount is not None
    return not asks and len(re.findall(rf"\b{_ANY_DAY}\b", flat)) == 1 and _REFUSES.search(flat) is not None


def after_refused(message: Message, today: date) -> Message:
    """The message with the day that it wishes, where it names one by its weekday and refuses another."""
    flat = plain(message.text)
    found = _REFUSED.search(flat)
    if found is None or message.date is None:
        return message
    place = next(place for place, names in enumerate(WEEKDAYS) if found["day"] in names.split("|"))
    refused = today + timedelta(days=(place - today.weekday()) % 7)
    if _NEXT.search(flat, found.end()) and message.date == refused:  # «el que sigue sí»
        return replace(message, date=refused + _WEEK, intent="promise_to_pay", certain=True)
    named = any(re.search(rf"\b(?:{day})\b", flat[found.end() :]) for day in WEEKDAYS)
    earlier = named and message.date < refused and (refused - message.date) < _WEEK
    return replace(message, date=message.date + _WEEK) if earlier else message
