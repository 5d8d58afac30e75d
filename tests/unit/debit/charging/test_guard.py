"""The guard, with values: what may be charged, how much of it, and what stands against it."""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from bot.debit.charging.guard import (
    Drop,
    Go,
    OtherCharge,
    Refuse,
    Snapshot,
    Wait,
    billing_period,
    first_allowed_day,
    judge,
    judge_submission,
)
from values import CITY, billing_window

UNTIL = time(14, 30)
DAY = date(2026, 11, 27)
MORNING = datetime(2026, 11, 27, 9, 0, tzinfo=CITY)
DUES = (date(2026, 11, 13), date(2026, 11, 27), date(2026, 12, 11))
CHARGE = Snapshot(
    id=10,
    mandate_id=1,
    instalment_id=5,
    amount=60_000,
    charge_on=DAY,
    retry=None,
    due_date=DAY,
    own_account=True,
    unpaid=60_000,
    max_amount=60_000,
    mandate="active",
    valid_until=None,
    loan="current",
    holds=frozenset(),
    promised=False,
    due_dates=DUES,
    others=(),
)


def other(**values: object) -> OtherCharge:
    return replace(
        OtherCharge(id=3, mandate_id=1, instalment_id=4, status="collected", amount=20_000, charge_on=DAY),
        **values,
    )


def test_it_leaves_with_what_is_unpaid() -> None:
    assert judge(CHARGE) == Go(60_000)
    assert judge_submission(CHARGE, date(2026, 11, 26), MORNING, UNTIL) == Go(60_000)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({"mandate": "cancelled"}, Drop("mandate_ended")),
        ({"mandate": "expired"}, Drop("mandate_ended")),
        ({"valid_until": date(2026, 11, 26)}, Drop("mandate_ended")),
        ({"valid_until": DAY}, Go(60_000)),
        ({"loan": "settled"}, Drop("paid")),
        ({"unpaid": 0}, Drop("paid")),
        ({"unpaid": 1, "amount": 60_000}, Go(1)),
        ({"own_account": False}, Refuse("owner")),
        ({"due_date": date(2026, 11, 28)}, Wait("not_due", date(2026, 11, 28))),
        ({"mandate": "suspended"}, Wait("mandate_suspended")),
        ({"mandate": "disputed"}, Wait("mandate_disputed")),
        ({"loan": "disputed"}, Wait("hold_dispute")),
        ({"promised": True}, Wait("promise")),
        ({"holds": frozenset({"opt_out"})}, Go(60_000)),
        ({"max_amount": 59_999}, Refuse("over_max")),
        *(
            ({"holds": frozenset({hold})}, Wait(f"hold_{hold}"))
            for hold in (
                "dispute",
                "deceased",
                "vulnerable",
                "legal",
                "hardship",
                "complaint",
                "payment_reported",
            )
        ),
    ],
)
def test_what_stands_against_it(values: dict[str, object], verdict: object) -> None:
    charge = replace(CHARGE, **values)
    assert judge(charge) == verdict
    assert judge_submission(charge, date(2026, 11, 26), MORNING, UNTIL) == verdict


def test_less_may_be_charged_than_was_announced_never_more() -> None:
    assert judge_submission(replace(CHARGE, unpaid=45_050), date(2026, 11, 26), MORNING, UNTIL) == Go(45_050)
    assert judge_submission(replace(CHARGE, unpaid=90_000), date(2026, 11, 26), MORNING, UNTIL) == Go(60_000)


@pytest.mark.parametrize(
    ("announced_on", "now", "reason"),
    [
        (None, MORNING, "not_announced"),
        (DAY, MORNING, "not_announced"),
        (date(2026, 11, 26), datetime(2026, 11, 27, 14, 30, tzinfo=CITY), "missed"),
        (date(2026, 11, 26), datetime(2026, 11, 28, 9, 0, tzinfo=CITY), "missed"),
        (date(2026, 11, 26), datetime(2026, 11, 26, 23, 59, tzinfo=CITY), "missed"),
    ],
)
def test_it_leaves_on_its_day_before_the_hour_once_it_was_announced(
    announced_on: date | None, now: datetime, reason: str
) -> None:
    assert judge_submission(CHARGE, announced_on, now, UNTIL) == Wait(reason)


def test_nothing_is_submitted_on_a_day_without_banks() -> None:
    holiday = replace(CHARGE, charge_on=date(2026, 12, 12))
    assert judge_submission(
        holiday, date(2026, 12, 11), datetime(2026, 12, 12, 9, 0, tzinfo=CITY), UNTIL
    ) == Wait("missed")


def test_attempts_are_three_days_apart_and_three_in_all() -> None:
    first = other(instalment_id=5, status="returned", charge_on=date(2026, 11, 25))
    assert judge(replace(CHARGE, others=(first,))) == Wait("too_soon", date(2026, 11, 28))
    assert judge(replace(CHARGE, others=(first,), retry="technical")) == Go(60_000)
    assert judge(replace(CHARGE, others=(replace(first, charge_on=date(2026, 11, 24)),))) == Go(60_000)
    earlier = tuple(replace(first, id=n, charge_on=date(2026, 11, n)) for n in (3, 10, 17))
    assert judge(replace(CHARGE, others=earlier)) == Drop("attempts")


def test_a_borrower_is_charged_twice_a_week_at_most() -> None:
    loans = tuple(other(id=n, mandate_id=n, instalment_id=n, charge_on=date(2026, 11, 23)) for n in (2, 3))
    assert judge(replace(CHARGE, others=loans)) == Wait("too_many", date(2026, 11, 30))
    assert judge(replace(CHARGE, others=loans[:1])) == Go(60_000)
    assert judge(
        replace(CHARGE, others=tuple(replace(o, charge_on=date(2026, 11, 20)) for o in loans))
    ) == Go(60_000)
    waiting = tuple(replace(o, id=o.id + 90, status="notified") for o in loans)
    assert judge(replace(CHARGE, others=waiting)) == Go(60_000), "those planned later wait for this one"


@pytest.mark.parametrize(
    ("values", "allowed"),
    [
        ({}, False),
        ({"status": "submitted"}, False),
        ({"status": "unknown"}, False),
        ({"status": "returned"}, True),
        ({"status": "reversed"}, True),
        ({"charge_on": date(2026, 11, 26)}, True),  # the billing period before
        ({"mandate_id": 2}, True),
        ({"status": "planned"}, False),
        ({"status": "planned", "id": 11}, True),
        ({"amount": 1}, False),
    ],
)
def test_a_billing_period_takes_no_more_than_the_mandate_allows(
    values: dict[str, object], allowed: bool
) -> None:
    verdict = judge(replace(CHARGE, others=(other(**values),)))
    assert verdict == (Go(60_000) if allowed else Wait("over_period", date(2026, 12, 11)))


def test_a_billing_period_runs_from_one_due_date_to_the_next() -> None:
    assert billing_period(DUES, date(2026, 11, 1)) == (date.min, date(2026, 11, 13))
    assert billing_period(DUES, date(2026, 11, 13)) == (date(2026, 11, 13), date(2026, 11, 27))
    assert billing_period(DUES, date(2026, 12, 31)) == (date(2026, 12, 11), date.max)


@pytest.mark.parametrize("status", ["collected", "settled"])
def test_an_instalment_that_was_collected_is_not_charged_again(status: str) -> None:
    assert judge(replace(CHARGE, others=(other(instalment_id=5, status=status),))) == Refuse("again")


def test_what_is_taken_on_the_first_day_of_the_next_period_is_of_that_one() -> None:
    next_period = other(charge_on=date(2026, 12, 11))
    assert judge(replace(CHARGE, others=(next_period,))) == Go(60_000)


def test_after_the_last_instalment_the_period_has_no_end() -> None:
    late = replace(CHARGE, charge_on=date(2026, 12, 17))
    assert judge(replace(late, others=(other(charge_on=date(2026, 12, 11)),))) == Wait("over_period", None)


def test_the_charge_itself_is_not_before_itself() -> None:
    assert judge(replace(CHARGE, others=(other(status="planned", id=CHARGE.id),))) == Go(60_000)


def test_the_first_day_is_the_planned_one_or_the_next_that_is_allowed() -> None:
    assert first_allowed_day(CHARGE) == DAY
    loans = tuple(other(id=n, mandate_id=n, instalment_id=n, charge_on=date(2026, 11, 23)) for n in (2, 3))
    assert first_allowed_day(replace(CHARGE, others=loans)) == date(2026, 11, 30)


@pytest.mark.parametrize("values", [{"promised": True}, {"loan": "settled"}, {"own_account": False}])
def test_where_nobody_knows_when_it_ends_there_is_no_first_day(values: dict[str, object]) -> None:
    assert first_allowed_day(replace(CHARGE, **values)) is None  # type: ignore[arg-type]


PART = replace(CHARGE, plan_part=7, unpaid=30_000, amount=30_000, frequency="monthly")
"""Of a plan, under a mandate of 600 pesos a month."""


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, Go(30_000)),
        ({"plan_over": True}, Drop("plan_over")),
        ({"unpaid": 0}, Drop("paid")),
        ({"promised": True}, Wait("promise")),
        ({"unpaid": 60_001}, Refuse("over_max")),
        ({"others": (other(plan_part=7, status="collected"),)}, Refuse("again")),
        ({"others": (other(instalment_id=5, status="collected", charge_on=date(2026, 10, 30)),)}, Go(30_000)),
        (
            {"others": (other(plan_part=6, amount=40_000, charge_on=date(2026, 11, 13)),)},
            Wait("over_period", date(2026, 12, 1)),
        ),
        ({"others": (other(plan_part=6, amount=40_000, charge_on=date(2026, 10, 30)),)}, Go(30_000)),
    ],
)
def test_the_part_of_a_plan_is_held_to_the_maximum_of_its_month(
    values: dict[str, object], verdict: object
) -> None:
    assert judge(replace(PART, **values)) == verdict


def test_billing_windows_follow_the_calendar() -> None:
    day = date(2026, 11, 27)
    assert billing_window("weekly", day) == (date(2026, 11, 23), date(2026, 11, 30))
    assert billing_window("semimonthly", day) == (date(2026, 11, 16), date(2026, 12, 1))
    assert billing_window("fortnightly", date(2026, 11, 15)) == (date(2026, 11, 1), date(2026, 11, 16))
    assert billing_window("monthly", date(2026, 12, 31)) == (date(2026, 12, 1), date(2027, 1, 1))
    assert billing_window("instalment", day) == (day, date(2026, 11, 28))
    assert billing_window("single", day) == (date.min, date.max)
