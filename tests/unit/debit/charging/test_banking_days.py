"""The days of a charge, with values."""

from datetime import date, datetime, time

import pytest

from bot.compliance import load_rules
from bot.debit.charging.banking_days import (
    collected_before,
    first_possible,
    next_contact_day,
    result_at,
    results_until,
    settles_on,
)
from values import CITY

RULES = load_rules("MX")


@pytest.mark.parametrize(
    ("after", "lawful"),
    [
        ("2026-11-24", "2026-11-25"),  # Tuesday: Wednesday
        ("2026-11-27", "2026-11-30"),  # Friday: Monday
        ("2026-11-13", "2026-11-17"),  # before a long weekend (Monday 16th): Tuesday
        ("2026-04-01", "2026-04-06"),  # Holy Wednesday: after Easter
    ],
)
def test_the_next_contact_day_is_the_first_lawful_one_after(after: str, lawful: str) -> None:
    assert next_contact_day(date.fromisoformat(after), RULES) == date.fromisoformat(lawful)


@pytest.mark.parametrize(
    ("noticed", "not_before", "retry", "charged"),
    [
        ("2026-11-24", None, None, "2026-11-25"),
        ("2026-11-27", None, None, "2026-11-30"),
        ("2026-11-13", None, None, "2026-11-17"),
        ("2026-11-24", "2026-11-28", None, "2026-11-30"),
        ("2026-11-24", None, "payday", "2026-11-30"),
        ("2026-11-30", None, "payday", "2026-12-15"),
        ("2026-11-11", "2026-11-13", "payday", "2026-11-13"),  # the 15th is a Sunday: paid on Friday
        ("2026-02-11", None, "payday", "2026-02-13"),
        ("2026-02-13", None, "payday", "2026-02-27"),  # the last of February is a Saturday
    ],
)
def test_the_first_possible_day(
    noticed: str, not_before: str | None, retry: str | None, charged: str
) -> None:
    earliest = date.fromisoformat(not_before) if not_before else date.min
    assert first_possible(date.fromisoformat(noticed), earliest, retry) == date.fromisoformat(charged)


@pytest.mark.parametrize(
    ("now", "last"),
    [
        ("2026-11-25T11:59", "2026-11-23"),
        ("2026-11-25T12:00", "2026-11-24"),
        ("2026-11-28T15:00", "2026-11-26"),  # a Saturday: Friday's results come on Monday
        ("2026-11-30T11:00", "2026-11-26"),
        ("2026-11-30T12:00", "2026-11-27"),
    ],
)
def test_results_are_out_by_noon_of_the_next_banking_day(now: str, last: str) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=CITY)
    out = results_until(at, time(12))
    assert out == date.fromisoformat(last)
    assert result_at(out, time(12)) <= at


@pytest.mark.parametrize("day", range(1, 29))
@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_what_is_settled_by_today_is_what_its_own_day_says(day: int, count: int) -> None:
    now = datetime(2026, 12, day, 12, 30, tzinfo=CITY)
    for collected in (datetime(2026, 12, d, h, 0, tzinfo=CITY) for d in range(1, day) for h in (0, 12, 23)):
        assert (collected < collected_before(now, count)) == (settles_on(collected, count) <= now.date())
