"""What is called off before it is made."""

from datetime import date

from sqlalchemy import Engine, update

from bot import outreach
from bot.debit import charging
from models import Charge, Mandate, write_tx
from tests.charging import House, make_house


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


def test_nobody_is_reminded_of_what_is_about_to_be_charged(engine: Engine) -> None:
    house = make_house(engine, [(date(2026, 11, 27), {"principal": 60_000})])
    house.at("2026-11-24T09:00")
    charging.plan(house.services)
    assert house.statuses() == ["planned"]
    assert outreach.plan(house.services) == 0
    with write_tx(engine) as connection:
        connection.execute(update(Charge).values(status="cancelled"))
    assert outreach.plan(house.services) == 1
