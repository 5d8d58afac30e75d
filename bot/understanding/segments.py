"""A message as the classifier reads it: whole, and clause by clause."""

import re
from collections.abc import Iterator
from datetime import date

from bot.understanding.entities import NOTHING, Named, find
from bot.understanding.features import Segment
from bot.understanding.lexicon import Lexicon
from bot.understanding.normalize import MOST_CHARACTERS, plain, words

_MOST_CLAUSES = 8
_CLAUSE = re.compile(r"[.!?;,\n]+(?:\s+|$)|\s+(?=pero |porque |y ya )")


def segments(text: str, today: date, expecting: str | None, lexicon: Lexicon) -> Iterator[Segment]:
    """The whole message first; then its clauses, where there are two or more: what decides often stands in
    one of them alone.

    Entities are found in the whole alone.
    """
    text = text[:MOST_CHARACTERS]
    flat = plain(text)
    yield _segment(text, flat, find(flat, today, expecting), today, expecting, lexicon)
    for clause in clauses(text):
        yield _segment(clause, plain(clause), NOTHING, today, expecting, lexicon)


def clauses(text: str) -> list[str]:
    """The parts between stops, commas and turns; none when there is but one. The tail of a long list stays
    one part.
    """
    parts = [part for part in _CLAUSE.split(text) if part and not part.isspace()]
    if len(parts) < 2:
        return []
    return (
        parts
        if len(parts) <= _MOST_CLAUSES
        else [*parts[: _MOST_CLAUSES - 1], " ".join(parts[_MOST_CLAUSES - 1 :])]
    )


def _segment(
    text: str, flat: str, named: Named, today: date, expecting: str | None, lexicon: Lexicon
) -> Segment:
    spaced = words(flat)
    return Segment(text, spaced, lexicon.hits(spaced), named, expecting, today.isoformat())
