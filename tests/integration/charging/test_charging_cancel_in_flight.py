"""What is cancelled before it is made."""

from datetime import date

import pytest
from sqlalchemy import Engine

from bot import outreach
from bot.debit import charging
from bot.debit.charging.cancel_in_flight import BATCH
from bot.debit.port import TransientError
from models import Charge, Instalment, Mandate
from tests.charging import CHARGES, House, make_house


def test_what_was_cancelled_is_cancelled_in_flight_at_the_provider(submitted: House) -> None:
    submitted.set(Mandate, status="cancelled")
    assert charging.cancel_in_flight(submitted.services) == 1
    assert (submitted.statuses(), submitted.provider.book["P1"].status, submitted.tasks()) == (
        ["cancelled"],
        "cancelled",
        [],
    )
    assert charging.cancel_in_flight(submitted.services) == 0


def test_what_was_paid_meanwhile_is_cancelled_in_flight(submitted: House) -> None:
    assert charging.cancel_in_flight(submitted.services) == 0
    submitted.receive(60_000, "2026-11-27T11:00")
    assert charging.cancel_in_flight(submitted.services) == 1
    assert submitted.statuses() == ["cancelled"]
    submitted.sound()


def test_what_is_on_its_way_is_not_asked_for_twice(submitted: House) -> None:
    submitted.set(Mandate, status="cancelled")
    submitted.provider.turn("P1", "processing")
    assert charging.cancel_in_flight(submitted.services) == 1
    assert (submitted.statuses(), charging.cancel_in_flight(submitted.services)) == (
        ["processing"],
        0,
    )


def test_one_that_the_provider_drops_by_itself_is_a_persons_to_see(submitted: House) -> None:
    submitted.provider.turn("P1", "cancelled", "bank_not_found")
    submitted.set(Charge, checked_at=None)
    submitted.look()
    assert (submitted.statuses(), submitted.tasks()) == (["cancelled"], ["charge_invalid"])
    charging.plan(submitted.services)
    assert len({row.instalment_id for row in submitted.charges()}) == len(submitted.charges())


def test_those_that_cannot_be_cancelled_hold_up_no_other(many: House) -> None:
    """More of them than one sweep asks about."""
    many.provider.broken = {f"P{n}": TransientError("500") for n in range(1, BATCH + 2)}
    many.set(Mandate, status="cancelled")
    for _ in range(3):
        charging.cancel_in_flight(many.services)
    assert many.statuses() == ["submitted"] * (BATCH + 1) + ["cancelled"] * (CHARGES - BATCH - 1)
    many.provider.broken = {}
    assert charging.cancel_in_flight(many.services) == 0, "not at once"
    many.at("2026-11-30T12:06")
    for _ in range(2):
        charging.cancel_in_flight(many.services)
    assert set(many.statuses()) == {"cancelled"}


@pytest.mark.parametrize(("status", "reminded"), [("planned", 1), ("notified", 0), ("submitted", 0)])
def test_nobody_is_reminded_of_what_was_announced(engine: Engine, status: str, reminded: int) -> None:
    """A charge that is planned and cannot be announced keeps no reminder back."""
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 60_000})])
    house.at("2026-11-24T09:00")
    charging.plan(house.services)
    house.set(Charge, status=status)
    assert outreach.plan(house.services) == reminded


def test_nobody_is_reminded_of_what_is_being_announced(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 60_000})])
    house.at("2026-11-24T09:00")
    charging.plan(house.services)
    house.set(Charge, charge_on=date(2026, 11, 25))
    house.set(Instalment, due_date=date(2026, 11, 25))
    charging.notify(house.services)
    assert (house.events(), outreach.plan(house.services)) == (["charge.notified"], 0)
