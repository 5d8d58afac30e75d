"""What becomes of a plan, from its schedule and the money."""

from datetime import date, timedelta
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.ledger.plan_outcome import CountedPart, PlanPart, count_towards_plan, plan_outcome

PARTS = tuple(
    PlanPart(n + 1, day, 10_000)
    for n, day in enumerate((date(2026, 11, 30), date(2026, 12, 15), date(2026, 12, 31)))
)


def outcome(payments: list[tuple[date, int]], today: date, kind: str = "plan") -> tuple[str, list[str]]:
    found = plan_outcome(kind, "semimonthly", PARTS, payments, today)
    return found.status, [part.status(today) for part in found.parts]


def test_paid_in_time_is_kept() -> None:
    paid = [(part.due_date, part.amount) for part in PARTS]
    assert outcome(paid, date(2027, 1, 4)) == ("kept", ["kept"] * 3)
    assert outcome(paid[:1], date(2026, 12, 1)) == ("active", ["kept", "open", "open"])


def test_one_that_is_missed_moves_to_the_end() -> None:
    found = plan_outcome("plan", "semimonthly", PARTS, [], date(2026, 12, 1))
    assert found.status == "active"
    assert [part.number for part in found.parts] == [2, 3, 1]
    assert found.parts[-1].due_date == date(2027, 1, 15)
    assert found.parts[-1].moved_from == date(2026, 11, 30)
    assert found.parts[-1].lacking == 10_000


def test_of_one_that_is_missed_what_came_counts_towards_the_next() -> None:
    found = plan_outcome("plan", "semimonthly", PARTS, [(PARTS[0].due_date, 4_000)], date(2026, 12, 1))
    assert [(part.number, part.paid) for part in found.parts] == [(2, 4_000), (3, 0), (1, 0)]
    assert found.parts[-1].lacking == 6_000


def test_two_in_a_row_break_it() -> None:
    assert outcome([], date(2026, 12, 15))[0] == "active"
    assert outcome([], date(2026, 12, 16))[0] == "broken"


def test_two_in_a_row_break_it_whatever_is_paid_after_them() -> None:
    late = [(date(2026, 12, 20), 30_000)]
    assert outcome(late, date(2026, 12, 20)) == ("broken", ["kept"] * 3)
    assert outcome([(PARTS[0].due_date, 10_000), *late], date(2026, 12, 20)) == ("kept", ["kept"] * 3)


def test_money_that_is_reported_late_mends_it() -> None:
    assert outcome([(date(2026, 11, 30), 10_000)], date(2026, 12, 16))[0] == "active"


def test_an_end_without_the_money_breaks_it() -> None:
    paid = [(date(2026, 12, 15), 10_000), (date(2026, 12, 31), 10_000)]
    assert outcome(paid, date(2027, 1, 15))[0] == "active"
    assert outcome(paid, date(2027, 1, 16))[0] == "broken"
    assert outcome([*paid, (date(2027, 1, 14), 10_000)], date(2027, 1, 16))[0] == "kept"


@pytest.mark.parametrize(
    ("forgiven", "paid", "today", "status", "parts"),
    [
        (4_000, 0, date(2026, 11, 30), "active", [10_000, 10_000, 6_000]),
        (15_000, 10_000, date(2026, 12, 1), "active", [0, 5_000, 0]),
        (20_000, 10_000, date(2027, 2, 1), "kept", [0, 0, 0]),
        (30_000, 0, date(2027, 2, 1), "kept", [0, 0, 0]),
        (15_000, 10_000, date(2026, 12, 16), "active", [0, 5_000, 0]),
    ],
)
def test_what_is_owed_no_more_is_taken_off_the_last_parts(
    forgiven: int, paid: int, today: date, status: str, parts: list[int]
) -> None:
    money = [(PARTS[0].due_date, paid)] if paid else []
    found = plan_outcome("plan", "semimonthly", PARTS, money, today, forgiven)
    left = {part.number: part.asked - part.paid for part in found.parts}
    assert (found.status, [left[number] for number in (1, 2, 3)]) == (status, parts)


def test_a_settlement_that_is_late_is_for_a_person() -> None:
    last = PARTS[:1]
    late = plan_outcome("settlement", "single", last, [(date(2026, 12, 1), 10_000)], date(2026, 12, 1))
    assert (late.status, late.late) == ("active", True)
    timely = plan_outcome("settlement", "single", last, [(date(2026, 11, 30), 10_000)], date(2026, 12, 9))
    assert (timely.status, timely.late) == ("kept", False)


@pytest.mark.parametrize(
    ("paid", "today", "status", "part"),
    [
        (0, date(2026, 12, 1), "active", "missed"),
        (0, date(2026, 12, 2), "active", "missed"),
        (0, date(2026, 12, 3), "broken", "missed"),
        (9_000, date(2026, 12, 3), "broken", "missed"),
    ],
)
def test_a_settlement_that_is_not_paid_ends_and_is_not_late(
    paid: int, today: date, status: str, part: str
) -> None:
    money = [(date(2026, 11, 30), paid)] if paid else []
    found = plan_outcome("settlement", "single", PARTS[:1], money, today)
    assert (found.status, found.late, found.parts[0].status(today)) == (status, False, part)


@pytest.mark.no_cover
@settings(max_examples=5_000, deadline=None)
@given(st.integers(0, 2**48).map(Random))
def test_no_peso_is_counted_twice_or_lost(rng: Random) -> None:
    day = date(2026, 11, 2)
    parts = [
        CountedPart(n, day + timedelta(days=7 * n), rng.randint(1, 900)) for n in range(rng.randint(1, 6))
    ]
    payments = [
        (day + timedelta(days=rng.randint(0, 40)), rng.randint(1, 900)) for _ in range(rng.randint(0, 6))
    ]
    counted = count_towards_plan(parts, payments)
    paid, owed = sum(amount for _, amount in payments), sum(part.amount for part in parts)
    assert sum(part.paid for part in counted) == min(paid, owed)
    assert all(0 <= part.paid <= part.amount for part in counted)
    assert all((part.paid == part.amount) == (part.paid_on is not None) for part in counted)
    order = [part.paid for part in counted]
    assert list(accumulate(order)) == [
        min(paid, total) for total in accumulate(part.amount for part in parts)
    ]
    shuffled = rng.sample(payments, len(payments))
    assert count_towards_plan(parts, shuffled) == counted
