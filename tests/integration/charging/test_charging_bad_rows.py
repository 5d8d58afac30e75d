"""What a provider cannot answer about one charge holds up no other, and is a person's case within a day."""

from collections import Counter
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine, insert, select

from bot.debit import charging
from bot.debit.port import ChargeReport, TransientError, UnknownOutcome
from models import Charge, Instalment, write_tx
from tests.charging import House, make_house
from values import Money

CHARGES, BAD = 40, ("P1", "P2", "P17")


@pytest.fixture
def house(engine: Engine) -> House:
    """Forty charges under way since Friday 27th; the provider has collected all of them."""
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 1000 + n}) for n in range(CHARGES)])
    with write_tx(engine) as connection:
        instalments = connection.execute(select(Instalment.id, Instalment.amount_centavos)).all()
        for n, (instalment, amount) in enumerate(instalments, 1):
            charge = {
                "mandate_id": house.mandate,
                "loan_id": house.loan,
                "instalment_id": instalment,
                "attempt": 1,
                "amount": amount,
                "status": "submitted",
                "charge_on": date(2026, 11, 27),
                "key": f"K-{n}",
                "provider": "belvo",
                "provider_id": f"P{n}",
                "submitted_at": house.services.clock.now(),
                "created_at": house.services.clock.now(),
            }
            connection.execute(insert(Charge).values(**charge))
            house.provider.book[f"P{n}"] = ChargeReport(f"P{n}", f"K-{n}", "collected", Money(amount))
    house.at("2026-11-30T12:00")
    return house


@pytest.mark.parametrize("error", [TransientError("500"), UnknownOutcome("HTML"), TypeError("no dictionary")])
def test_bad_rows_hold_up_no_other(house: House, error: Exception) -> None:
    house.provider.broken = dict.fromkeys(BAD, error)
    for time in ("12:00", "12:01", "12:02"):
        house.at(f"2026-11-30T{time}")
        house.look()
    assert Counter(house.statuses()) == {"collected": CHARGES - len(BAD), "submitted": len(BAD)}
    assert house.tasks() == []
    for at in ("2026-11-30T13:00", "2026-11-30T20:00", "2026-12-01T09:00"):
        house.at(at)
        house.look()
    assert house.tasks() == ["charge_unknown"] * len(BAD)
    house.provider.broken = {}
    house.at("2026-12-02T13:00")
    house.look()
    assert set(house.statuses()) == {"collected", "settled"}
    assert house.scalars(select(Charge.failing_since)) == [None] * CHARGES
    house.sound()


def test_a_chargeback_that_cannot_be_fetched_is_not_forgotten(house: House) -> None:
    """The hint is kept for as long as the provider has not answered."""
    house.look()
    house.set(Charge, status="settled", checked_at=None)
    house.provider.turn("P17", "reversed")
    house.provider.broken = {"P17": TransientError("500")}
    house.look()
    house.provider.broken = {}
    house.at("2026-11-30T12:10")
    house.look()
    assert Counter(house.statuses()) == {"settled": CHARGES - 1, "reversed": 1}


def test_one_whose_outcome_stays_unknown_is_a_case_within_a_day(house: House) -> None:
    house.set(Charge, status="unknown", claimed_at=house.services.clock.now())
    house.provider.around = _always(TransientError("500"))
    for _ in range(2):
        charging.resolve(house.services)
    assert house.tasks() == []
    house.at("2026-12-01T09:00")
    charging.resolve(house.services)
    assert set(house.tasks()) == {"charge_unknown"}


def _always(error: Exception) -> Callable[[str], None]:
    def fail(_point: str) -> None:
        raise error

    return fail


def test_a_provider_that_is_down_is_left_alone_until_the_next_sweep(house: House) -> None:
    house.provider.broken = {f"P{n}": TransientError("down") for n in range(1, CHARGES + 1)}
    called: list[str] = []
    house.provider.around = called.append
    house.look()
    assert len(called) == 10


def test_what_raises_for_one_unknown_charge_holds_up_no_other(house: House) -> None:
    house.set(Charge, status="unknown", claimed_at=house.services.clock.now())
    house.provider.failures = [TypeError("no dictionary")]  # type: ignore[list-item]
    for _ in range(4):
        charging.resolve(house.services)
    assert set(house.statuses()) == {"collected"}
