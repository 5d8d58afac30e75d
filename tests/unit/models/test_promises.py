"""Which money counts for a promise, and what becomes of it."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from models.ledger.by_tape import CountedByTape
from models.ledger.promises import _left, _outcome, _paid
from models.ledger.standing import Standing
from values import CITY

MADE = datetime(2026, 11, 21, 12, tzinfo=CITY)
PROMISE: Any = SimpleNamespace(amount=60_000, made_at=MADE, expires_on=date(2026, 11, 26))
"""On the 21st at noon, with grace until the 26th."""
NEXT = datetime(2026, 11, 24, 12, tzinfo=CITY)
LOADED = datetime(2026, 11, 30, 12, tzinfo=CITY)


def day(number: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 11, number, hour, minute, tzinfo=CITY)


def standing(amount: int, paid_at: datetime, *, tape_known: bool = False) -> Standing:
    return Standing(1, "payment.posted", amount, paid_at, paid_at, "lender", tape_known)


@pytest.mark.parametrize(
    ("paid_at", "next_made_at", "counts"),
    [
        (day(21, 11, 59), None, False),
        (day(21, 12), None, True),
        (day(21), None, True),  # a day without a time counts whole
        (day(20), None, False),
        (day(26, 23, 59), None, True),
        (day(27), None, False),
        (day(24, 11, 59), NEXT, True),
        (day(24, 12), NEXT, False),
        (day(24), NEXT, False),
        (day(23), NEXT, True),
    ],
)
def test_money_counts_from_the_promise_until_its_grace_or_the_next_one(
    paid_at: datetime, next_made_at: datetime | None, counts: bool
) -> None:
    assert _paid(PROMISE, [standing(500, paid_at)], [], next_made_at) == (500 if counts else 0)


@pytest.mark.parametrize(
    ("since", "as_of", "next_made_at", "counts"),
    [
        (19, 20, None, False),
        (20, 21, None, True),
        (25, 26, None, True),
        (25, 29, None, True),
        (26, 27, None, False),
        (25, 29, day(29, 12), False),
        (25, 29, day(30), True),
    ],
)
def test_a_tape_counts_where_it_may_have_been_paid_in_time(
    since: int, as_of: int, next_made_at: datetime | None, counts: bool
) -> None:
    tape = CountedByTape(date(2026, 11, since), date(2026, 11, as_of), 700, LOADED)
    assert _paid(PROMISE, [], [tape], next_made_at) == (700 if counts else 0)


def test_what_a_tape_counts_and_a_report_names_is_one_money() -> None:
    tape = CountedByTape(date(2026, 11, 21), date(2026, 11, 24), 700, LOADED)
    known, late = standing(300, day(22), tape_known=True), standing(300, day(21, 9), tape_known=True)
    assert _paid(PROMISE, [known], [tape], None) == 700
    assert _paid(PROMISE, [known, standing(100, day(23))], [tape], None) == 800
    assert _paid(PROMISE, [standing(900, day(22), tape_known=True)], [tape], None) == 900
    before = CountedByTape(date(2026, 11, 20), date(2026, 11, 24), 700, LOADED)
    assert _paid(PROMISE, [late], [before], None) == 400
    assert _paid(PROMISE, [late], [tape], None) == 700  # it is not the tape's
    assert _paid(PROMISE, [standing(900, day(21, 9), tape_known=True)], [before], None) == 0


@pytest.mark.parametrize(
    ("paid", "today", "superseded", "outcome"),
    [
        (60_000, 30, True, "kept"),
        (59_999, 26, False, "open"),
        (0, 26, False, "open"),
        (59_999, 27, False, "partial"),
        (1, 26, True, "partial"),
        (0, 27, False, "broken"),
        (0, 21, True, "broken"),
    ],
)
def test_the_outcome(paid: int, today: int, superseded: bool, outcome: str) -> None:
    assert _outcome(PROMISE, paid, date(2026, 11, today), superseded=superseded) == outcome


def test_what_was_paid_beyond_is_taken_from_the_next_payments() -> None:
    rest = [{"date": f"2026-12-{number:02}", "amount": 100, "expires_on": "x"} for number in (1, 8, 15, 22)]
    left = _left(rest, 130, date(2026, 11, 27))
    assert [(part["date"], part["amount"]) for part in left] == [
        ("2026-12-08", 70),
        ("2026-12-15", 100),
        ("2026-12-22", 100),
    ]
    assert left[0]["expires_on"] == "x"
    assert [part["amount"] for part in _left(rest, 200, date(2026, 12, 15))] == [100]
