"""«15 días», «una semana más», where a day to pay is spoken of: the day on which that time is over."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flows.answers import plain
from flows.types.event import Message

_NUMBERS = {"un": 1, "una": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "ocho": 8, "diez": 10, "quince": 15}
_UNITS = {"dia": 1, "dias": 1, "day": 1, "days": 1, "semana": 7, "semanas": 7, "week": 7, "weeks": 7}
_UNITS |= {"mes": 30, "meses": 30, "month": 30, "months": 30}
_STRETCH = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) (?:more )?({'|'.join(_UNITS)})\b(?! (?:de|por(?! fa)|al|que)\b)"
)
_FEW = 5
"""Words of «como en 15 días»."""
_MEANT = ("request_extension", "promise_to_pay", "greet", "other")


def stretched(message: Message, today: date, *, asked: bool) -> Message:
    """`asked`: whether a day to pay is being agreed. Time gone by is none: «tengo 15 días de atraso»."""
    bare = "?" not in message.text and len(message.text.split()) <= _FEW
    answers = asked and bare and (message.intent in _MEANT or not message.certain)
    wished = answers or (message.intent == "request_extension" and message.topic is None)
    length = time_named(plain(message.text)) if wished and message.date is None else None
    if length is None:
        return message
    doubted = answers and message.intent not in _MEANT  # «como en un mes», read as a plan
    return replace(message, date=today + length, intent="promise_to_pay" if doubted else message.intent)


def time_named(flat: str) -> timedelta | None:
    """The one stretch of time that a text names."""
    found = _STRETCH.findall(flat)
    if len(found) != 1:
        return None
    number, unit = found[0]
    return timedelta(days=(_NUMBERS.get(number) or int(number)) * _UNITS[unit])
