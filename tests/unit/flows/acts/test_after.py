"""A day that is wished for in place of one that does not suit."""

from datetime import date

import pytest

from flows.acts.days.after import after_refused
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
