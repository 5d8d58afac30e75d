"""A day that is wished for in place of one that does not suit."""

from datetime import date

import pytest

from flows.acts.days.after import after_refused, past_day
from flows.types.event import Message

TUESDAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "read", "meant"),
    [
        ("no puedo el lunes, puede ser el miércoles", date(2026, 11, 25), date(2026, 12, 2)),
        ("i can't on monday, can it be wednesday?", date(2026, 11, 25), date(2026, 12, 2)),
        ("no puedo este viernes pero el que sigue sí", date(2026, 11, 27), date(2026, 12, 4)),
        ("no puedo el jueves, mejor el viernes", date(2026, 11, 27), date(2026, 11, 27)),
        ("no puedo el lunes, mejor mañana", date(2026, 11, 25), date(2026, 11, 25)),
        ("el lunes no, mejor el jueves", date(2026, 11, 26), date(2026, 11, 26)),
        ("no puedo el lunes, seria el 2 de diciembre miércoles", date(2026, 12, 2), date(2026, 12, 2)),
    ],
)
def test_it_comes_after_it(text: str, read: date, meant: date) -> None:
    assert after_refused(Message(text, "promise_to_pay", date=read), TUESDAY).date == meant


@pytest.mark.parametrize(
    ("text", "read", "meant"),
    [
        ("después del 9", None, date(2026, 12, 10)),
        ("mejor después del viernes", date(2026, 11, 27), date(2026, 11, 28)),
        ("after the 2nd", date(2026, 12, 2), date(2026, 12, 3)),
        ("después del 9 me hablan", None, None),
    ],
)
def test_the_day_after_the_one_that_is_named(text: str, read: date | None, meant: date | None) -> None:
    assert past_day(Message(text, "contact_preference", date=read), TUESDAY, asked=True).date == meant


def test_where_no_day_is_asked_for_it_is_none() -> None:
    assert past_day(Message("después del 9", "contact_preference"), TUESDAY, asked=False).date is None
