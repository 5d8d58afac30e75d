"""«El día 30» in February, «el 31» in November: the month has no such day, and its last one is meant."""

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta

from flows.answers import plain
from flows.types.event import Message

ROUNDED = "month_end"
"""The entity that says so: what is read back says it too."""
_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre",
    "noviembre", "diciembre",
)  # fmt: skip
_NAMED = re.compile(rf"\b(?:el|dia|para el|hasta el) (29|30|31) de ({'|'.join(_MONTHS)})\b")
_ALONE = re.compile(r"\b(?:el|dia|the) (29|30|31)(?:st|th)?\b(?! (?:de|por|pesos|del))")


def rounded(message: Message, today: date) -> Message:
    """The message with the last day of the month that it means, where it names one that this lacks."""
    flat = plain(message.text)
    if (named := _NAMED.search(flat)) and message.date is None:
        month = _MONTHS.index(named[2]) + 1
        year = today.year + (month < today.month)
        return _at_end(message, int(named[1]), date(year, month, 1), today)
    alone = _ALONE.search(flat)
    if alone and message.date is not None and message.date.day == int(alone[1]):
        return _at_end(message, int(alone[1]), today, today)
    if alone and message.date is None and int(alone[1]) <= today.day:  # of the next month, which lacks it
        return _at_end(message, int(alone[1]), today.replace(day=1) + timedelta(days=32), today)
    return message


def _at_end(message: Message, number: int, month: date, today: date) -> Message:
    last = month.replace(day=monthrange(month.year, month.month)[1])
    if number <= last.day or last <= today:
        return message
    return replace(message, date=last, entities={**message.entities, ROUNDED: True})
