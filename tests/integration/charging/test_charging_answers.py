"""What a provider says to a submission, or does not."""

import sys
from datetime import date, timedelta

import pytest

from bot.clock import system_now
from bot.debit import charging
from bot.debit.port import (
    AuthError,
    ChargeOrder,
    InvalidRequest,
    MandateNotChargeable,
    RateLimited,
    TransientError,
    UnknownOutcome,
)
from models import Charge
from tests.charging import House
from values import Money


@pytest.mark.parametrize("failure", [TransientError("down"), RateLimited(30)])
def test_nothing_was_done_and_it_is_tried_again(
    announced: House, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced.provider.failures = [failure]  # type: ignore[list-item]
    announced.submit()
    assert (announced.statuses(), announced.submit(), announced.provider.orders) == (["notified"], 0, [])
    _later(monkeypatch, seconds=130)
    assert (announced.submit(), announced.statuses(), len(announced.provider.orders)) == (1, ["submitted"], 1)


def test_refused_keys_stop_everything_and_a_person_is_told(announced: House) -> None:
    announced.provider.failures = [AuthError("no")]
    announced.submit()
    assert (announced.statuses(), announced.tasks()) == (["notified"], ["debit_provider"])


def test_what_the_provider_refuses_is_not_planned_again(announced: House) -> None:
    announced.provider.failures = [InvalidRequest("amount")]
    announced.submit()
    assert (announced.statuses(), announced.tasks(), announced.mandate_status()) == (
        ["cancelled"],
        ["charge_invalid"],
        "active",
    )
    assert charging.plan(announced.services) == 0
    assert announced.ledger("^charge")[-1] == "charge.cancelled"


def test_a_mandate_that_is_not_active_there_is_suspended_here(announced: House) -> None:
    announced.provider.failures = [MandateNotChargeable("inactive")]
    announced.submit()
    assert (announced.statuses(), announced.mandate_status()) == (["cancelled"], "suspended")
    assert "mandate.suspended" in announced.ledger()


def _later(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """The machine's time, for claims and waits; the demo's stands still."""
    at = system_now() + timedelta(seconds=seconds)
    for module in ("submit", "unknown"):
        monkeypatch.setattr(sys.modules[f"bot.debit.charging.{module}"], "system_now", lambda: at)


def test_an_answer_that_was_lost_is_asked_for(announced: House) -> None:
    announced.provider.lost = [UnknownOutcome("timeout")]
    announced.submit()
    assert announced.statuses() == ["unknown"]
    assert announced.submit() == 0, "nothing is sent again blindly"
    assert charging.resolve(announced.services) == 1
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)
    assert announced.ledger("^charge") == ["charge.notified", "charge.unknown", "charge.submitted"]


def test_what_was_never_taken_is_submitted_again_under_the_same_key(
    announced: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    announced.provider.failures = [UnknownOutcome("timeout")]
    announced.submit()
    assert charging.resolve(announced.services) == 0, "the provider may not show it yet"
    _later(monkeypatch, seconds=91)
    assert charging.resolve(announced.services) == 1
    assert announced.statuses() == ["notified"]
    assert (announced.submit(), announced.statuses(), len(announced.provider.orders)) == (1, ["submitted"], 1)


def test_one_that_turns_up_late_is_not_sent_again(announced: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Looked up before it is sent a second time, whatever the provider still knows of the key."""
    announced.provider.failures = [UnknownOutcome("timeout")]
    announced.submit()
    _later(monkeypatch, seconds=91)
    charging.resolve(announced.services)
    announced.provider.create_charge(
        announced.provider.orders[0] if announced.provider.orders else _order(announced)
    )
    assert (announced.submit(), announced.statuses(), len(announced.provider.book)) == (1, ["submitted"], 1)


def _order(house: House):
    return ChargeOrder(
        house.charge.key, Money(house.charge.amount), {"account": "A1"}, "L1", 1, date(2026, 11, 27)
    )


def test_while_the_provider_cannot_be_asked_it_stays_unknown(announced: House) -> None:
    announced.provider.lost = [UnknownOutcome("timeout")]
    announced.submit()
    announced.provider.failures = [TransientError("down"), UnknownOutcome("several bear the key")]
    assert [charging.resolve(announced.services) for _ in range(3)] == [0, 0, 1]
    assert announced.tasks() == ["charge_unknown"]


def test_a_claim_left_by_a_process_that_died_becomes_unknown(
    announced: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        pass

    def die(point: str) -> None:
        if point == "after create":
            raise Killed

    announced.provider.around = die
    with pytest.raises(Killed):
        announced.submit()
    assert announced.statuses() == ["submitting"]
    assert charging.resolve(announced.services) == 0, "it may still be at work"
    _later(monkeypatch, seconds=61)
    assert charging.resolve(announced.services) == 1
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)
    assert announced.history(1)[-3:] == ["submitting", "unknown", "submitted"]


def test_another_amount_than_ours_posts_nothing(announced: House) -> None:
    announced.submit()
    announced.provider.turn("P1", "collected", amount=Money(60_001))
    announced.set(Charge, checked_at=None)
    announced.look()
    assert (announced.statuses(), announced.owed(), announced.tasks()) == (
        ["submitted"],
        120_000,
        ["charge_differs"],
    )
    announced.set(Charge, checked_at=None)
    announced.look()
    assert announced.tasks() == ["charge_differs"]
