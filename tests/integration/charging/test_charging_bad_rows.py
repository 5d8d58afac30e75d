"""What a provider cannot answer about one charge holds up no other, and is a person's case within a day."""

from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from bot.debit import charging
from bot.debit.port import TransientError, UnknownOutcome
from models import Charge
from tests.charging import CHARGES, House

BAD = ("P1", "P2", "P17")


@pytest.fixture
def collecting(many: House) -> House:
    many.provider.turn_all("collected")
    return many


@pytest.mark.parametrize("error", [TransientError("500"), UnknownOutcome("HTML"), TypeError("no dictionary")])
def test_bad_rows_hold_up_no_other(collecting: House, error: Exception) -> None:
    collecting.provider.broken = dict.fromkeys(BAD, error)
    for time in ("12:00", "12:01", "12:02"):
        collecting.at(f"2026-11-30T{time}")
        collecting.look()
    assert Counter(collecting.statuses()) == {"collected": CHARGES - len(BAD), "submitted": len(BAD)}
    assert collecting.tasks() == []
    for at in ("2026-11-30T13:00", "2026-11-30T20:00", "2026-12-01T09:00"):
        collecting.at(at)
        collecting.look()
    assert collecting.tasks() == ["charge_unknown"] * len(BAD)
    collecting.provider.broken = {}
    collecting.at("2026-12-02T13:00")
    collecting.look()
    assert set(collecting.statuses()) == {"collected", "settled"}
    assert collecting.scalars(select(Charge.failing_since)) == [None] * CHARGES
    collecting.sound()


def test_a_chargeback_that_cannot_be_fetched_is_not_forgotten(collecting: House) -> None:
    """The hint is kept for as long as the provider has not answered."""
    collecting.look()
    collecting.set(Charge, status="settled", checked_at=None)
    collecting.provider.turn("P17", "reversed")
    collecting.provider.broken = {"P17": TransientError("500")}
    collecting.look()
    collecting.provider.broken = {}
    collecting.at("2026-11-30T12:10")
    collecting.look()
    assert Counter(collecting.statuses()) == {"settled": CHARGES - 1, "reversed": 1}


def test_one_whose_outcome_stays_unknown_is_a_case_within_a_day(collecting: House) -> None:
    collecting.set(Charge, status="unknown", claimed_at=collecting.services.clock.now())
    collecting.provider.around = _always(TransientError("500"))
    for _ in range(2):
        charging.resolve(collecting.services)
    assert collecting.tasks() == []
    collecting.at("2026-12-01T09:00")
    charging.resolve(collecting.services)
    assert set(collecting.tasks()) == {"charge_unknown"}


def _always(error: Exception) -> Callable[[str], None]:
    def fail(_point: str) -> None:
        raise error

    return fail


def test_a_provider_that_is_down_is_left_alone_until_the_next_sweep(collecting: House) -> None:
    collecting.provider.broken = {f"P{n}": TransientError("down") for n in range(1, CHARGES + 1)}
    called: list[str] = []
    collecting.provider.around = called.append
    collecting.look()
    assert len(called) == 10


def test_what_raises_for_one_unknown_charge_holds_up_no_other(collecting: House) -> None:
    collecting.set(Charge, status="unknown", claimed_at=collecting.services.clock.now())
    collecting.provider.failures = [TypeError("no dictionary")]  # type: ignore[list-item]
    for _ in range(4):
        charging.resolve(collecting.services)
    assert set(collecting.statuses()) == {"collected"}
