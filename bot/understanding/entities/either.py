"""Of one payment, the days or the sums that are left open: «el 15 o el 16», «unos 2 o 300»."""

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.understanding.entities.day import Day
from bot.understanding.entities.day_resolve import day_of_month
from bot.understanding.entities.parts import Part

_OR = re.compile(
    r"[\s,]*\b(?:o|u|or|(?:y |o |and )?(?:si no|sino|if not|if i can't)(?: (?:puedo|alcanzo|se puede|"
    r"then))?)\s+(?:(?:tal vez|a lo mejor|quizas?|sino|maybe|el|la|para|hasta|dia|on|the)\s+)*"
)
_OR_NUMBER = re.compile(
    _OR.pattern + r"(\d{1,2})\b(?!\s*(?:pesos|varos|mil|pagos|partes|dias|semanas)|[.,]?\d)"
)
_SUMS = re.compile(
    r"\b(?:entre|between|de|from)\s+\$?(\d{2,})\s+(?:y|and|a|to)\s+\$?(\d{2,})\b|"
    r"\$?\b(\d+|dos|tres|two|three)\s?(?:o|or|u)\s\$?(\d{3,})\b"
)
_WORDS = {"dos": "2", "two": "2", "tres": "3", "three": "3"}
_LEAST = 50
"""Pesos; a smaller number is a count or a day."""


def either(text: str, named: Sequence[Day], today: date) -> tuple[Part, ...]:
    """Parts of a day or of a sum alone, in order; none where nothing is open.

    `text`: that in which the positions of `named` lie, with blanks for the days.
    """
    return (*(Part(day=day) for day in _days(text, named, today)), *_sums(text))


def _days(text: str, named: Sequence[Day], today: date) -> tuple[date, ...]:
    if len(named) == 2 and _OR.fullmatch(text[named[0].end : named[1].start]):
        return (named[0].day, named[1].day)
    if len(named) == 1 and (found := _OR_NUMBER.match(text, named[0].end)):
        other = day_of_month(int(found[1]), today)
        return (named[0].day, other) if other else ()
    return ()


def _sums(text: str) -> Iterator[Part]:
    found = _SUMS.search(text)
    if found is None:
        return
    low, high = (_WORDS.get(each, each) for each in found.groups() if each)
    least, most = int(low), int(high)
    if len(low) == 1:  # «2 o 300», «2 o 3000»
        least *= 10 ** (len(high) - 1)
    if _LEAST <= least < most:
        yield Part(amount=least * 100)
        yield Part(amount=most * 100)
