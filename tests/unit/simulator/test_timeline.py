"""Where the clock stops on its way to a charge's result."""

from datetime import date, datetime, time

import pytest

from bot.compliance import load_rules
from bot.simulator.page.timeline import (
    CITY,
    ChargeTimes,
    DebitTimeline,
    blocked_reason,
    deliveries,
    next_stop,
    pending_action,
)

RULES = load_rules("MX")
UNTIL = datetime(2027, 1, 20, tzinfo=CITY)
FRIDAY = date(2026, 11, 27)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


def timeline(
    *charges: ChargeTimes,
    mandate: str | None = "active",
    decided_at: datetime | None = None,
    lacking: bool = False,
    unpaid: bool = True,
) -> DebitTimeline:
    return DebitTimeline(mandate, decided_at, lacking, charges, unpaid)


def charge(status: str, on: date = FRIDAY, **times: datetime) -> ChargeTimes:
    return ChargeTimes(1, status, on, **times)


def waits(found: DebitTimeline, now: str) -> str | None:
    return pending_action(found, at(now), RULES, time(14, 30))


def test_mornings_of_banking_days_are_stopped_at() -> None:
    assert next_stop(timeline(), at("2026-11-27T10:00"), UNTIL) == at("2026-11-30T10:00")
    assert next_stop(timeline(), at("2026-11-27T10:00"), UNTIL, every_day=True) == at("2026-11-28T10:00")


def test_the_provider_is_looked_at_just_after_it_has_moved() -> None:
    submitted = timeline(charge("submitted", result_at=at("2026-11-30T12:00")))
    assert next_stop(submitted, at("2026-11-30T10:00"), UNTIL) == at("2026-11-30T12:05")
    decided = timeline(mandate="submitted", decided_at=at("2026-11-24T17:00"))
    assert next_stop(decided, at("2026-11-24T10:00"), UNTIL) == at("2026-11-24T17:05")


def test_never_past_the_goal() -> None:
    assert next_stop(timeline(), at("2026-11-24T10:00"), at("2026-11-24T18:00")) == at("2026-11-24T18:00")


@pytest.mark.parametrize(
    ("status", "now", "what"),
    [
        ("planned", "2026-11-26T10:00", "notice"),
        ("planned", "2026-11-25T10:00", None),
        ("planned", "2026-11-26T23:00", None),
        ("notified", "2026-11-26T10:00", None),
        ("notified", "2026-11-27T10:00", "submission"),
        ("notified", "2026-11-27T14:30", None),
        ("submitting", "2026-11-27T15:00", "submission"),
        ("unknown", "2026-11-27T15:00", "submission"),
    ],
)
def test_time_does_not_pass_over_what_is_under_way(status: str, now: str, what: str | None) -> None:
    assert waits(timeline(charge(status)), now) == what


def test_over_a_long_weekend_the_notice_leaves_before_it() -> None:
    monday = timeline(charge("planned", date(2026, 11, 30)))
    assert waits(monday, "2026-11-27T10:00") == "notice"


def test_what_the_provider_has_done_is_waited_for() -> None:
    assert (
        waits(timeline(charge("submitted", result_at=at("2026-11-30T12:00"))), "2026-11-30T12:05") == "result"
    )
    assert waits(timeline(charge("submitted", result_at=at("2026-11-30T12:00"))), "2026-11-30T10:00") is None
    assert (
        waits(timeline(charge("settled", reversed_at=at("2026-12-07T12:00"))), "2026-12-07T12:05") == "result"
    )
    assert (
        waits(timeline(mandate="submitted", decided_at=at("2026-11-24T17:00")), "2026-11-24T17:05")
        == "decision"
    )
    assert waits(timeline(mandate="authorized"), "2026-11-24T10:00") == "registration"
    assert waits(timeline(mandate="authorized", lacking=True), "2026-11-24T10:00") is None


@pytest.mark.parametrize(
    ("found", "why"),
    [
        (timeline(mandate=None), "no_mandate"),
        (timeline(mandate="cancelled"), "no_mandate"),
        (timeline(mandate="requested"), "consent"),
        (timeline(mandate="authorized", lacking=True), "lacking"),
        (timeline(mandate="authorized"), None),
        (timeline(mandate="submitted"), "documents"),
        (timeline(mandate="submitted", decided_at=at("2026-11-24T17:00")), None),
        (timeline(mandate="rejected"), "rejected"),
        (timeline(mandate="disputed"), "stopped"),
        (timeline(unpaid=False), "nothing_due"),
        (timeline(), None),
        (timeline(charge("submitted"), mandate="cancelled"), None),
        (timeline(charge("collected"), unpaid=False), None),
    ],
)
def test_it_is_said_why_no_charge_will_come(found: DebitTimeline, why: str | None) -> None:
    assert blocked_reason(found) == why


def test_a_new_fate_ends_the_walk() -> None:
    before = deliveries(timeline(charge("submitted")))
    assert deliveries(timeline(charge("processing"))) == before
    assert deliveries(timeline(charge("returned"))) - before
    assert deliveries(timeline(charge("settled"))) - deliveries(timeline(charge("collected")))
