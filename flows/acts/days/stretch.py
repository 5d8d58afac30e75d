"""«15 días», «una semana más», where a day to pay is spoken of: the day on which that time is over."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flows.answers import plain
from flows.types.event import Message

_NUMBERS = {"un": 1, "una": 1, "one": 1, "dos": 2, "two": 2, "tres": 3, "ocho": 8, "diez": 10, "quince": 15}
_UNITS = {"dia": 1, "dias": 1, "day": 1, "days": 1, "semana": 7, "semanas": 7, "week": 7, "weeks": 7}
_STRETCH = re.compile(
    rf"\b(\d{{1,2}}|{'|'.join(_NUMBERS)}) (?:more )?({'|'.join(_UNITS)})\b(?! (?:de|por|al|que)\b)"
)
_FEW = 4
"""Words of «como en 15 días»."""
_MEANT = ("request_extension", "promise_to_pay", "greet", "other")


def stretched(message: Message, today: date, *, asked: bool) -> Message:
    """`asked`: whether a day to pay is being agreed. Time gone by is none: «tengo 15 días de atraso»."""
    bare = "?" not in message.text and len(message.text.split()) <= _FEW
    wished = (message.intent == "request_extension" and message.topic is None) or (
        asked and bare and message.intent in _MEANT
    )
    if not wished or message.date is not None:
        return message
    length = time_named(plain(message.text))
    return replace(message, date=today + length) if length else message


def time_named(flat: str) -> timedelta | None:
    """The one stretch of time that a text names."""
    found = _STRETCH.findall(flat)
    if len(found) != 1:
        return None
    number, unit = found[0]
    return timedelta(days=(_NUMBERS.get(number) or int(number)) * _UNITS[unit])
