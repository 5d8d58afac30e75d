"""A day that the month lacks is its last one."""

from datetime import date

import pytest

from flows.acts.days.month_end import ROUNDED, rounded
from flows.types.event import Message


@pytest.mark.parametrize(
    ("text", "read", "today", "meant"),
    [
        ("día 30", None, date(2027, 1, 31), date(2027, 2, 28)),
        ("the 30th", None, date(2027, 1, 30), date(2027, 2, 28)),
        ("el 31", date(2026, 12, 31), date(2026, 11, 3), date(2026, 11, 30)),
        ("el 30", date(2026, 11, 30), date(2026, 11, 3), date(2026, 11, 30)),
        ("el 30 pesos", None, date(2027, 1, 31), None),
    ],
)
def test_it_is_the_last_day(text: str, read: date | None, today: date, meant: date | None) -> None:
    found = rounded(Message(text=text, intent="other", date=read), today)
    assert (found.date, ROUNDED in found.entities) == (meant, meant != read)
