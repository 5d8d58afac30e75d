"""Which instalments become charges."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import Engine

from bot.debit import charging
from models import Mandate
from tests.charging import House, make_house


def test_planning_twice_plans_nothing_twice(house: House) -> None:
    assert charging.plan(house.services) == 1
    assert charging.plan(house.services) == 0
    assert house.history(1) == ["planned"]


def test_two_who_plan_at_once_plan_nothing_twice(house: House) -> None:
    threads = [Thread(target=charging.plan, args=(house.services,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (house.statuses(), house.history(1)) == (["planned"], ["planned"])


def test_what_is_overdue_when_the_mandate_begins_is_charged_as_soon_as_it_can_be_announced(
    engine: Engine,
) -> None:
    house = make_house(
        engine, [(date(2026, 11, 10), {"principal": 30_000}), (date(2026, 11, 20), {"principal": 30_000})]
    )
    house.announce()
    assert [(row.status, row.charge_on) for row in house.charges()] == [("notified", date(2026, 11, 24))] * 2
    house.at("2026-11-24T10:00")
    assert house.submit() == 2


@pytest.mark.parametrize("status", ["suspended", "disputed", "cancelled", "expired"])
def test_without_an_active_mandate_nothing_is_planned(house: House, status: str) -> None:
    house.set(Mandate, status=status)
    assert charging.plan(house.services) == 0


def test_a_mandate_that_ran_out_charges_nothing(house: House) -> None:
    house.set(Mandate, valid_until=date(2026, 11, 22))
    assert charging.plan(house.services) == 0


def test_more_than_the_mandate_allows_is_a_persons_to_see_once(house: House) -> None:
    house.set(Mandate, max_amount=59_999)
    for _ in range(2):
        assert charging.plan(house.services) == 0
    assert (house.statuses(), house.tasks()) == ([], ["charge_over_max"])


def test_a_billing_period_is_never_charged_more_than_the_mandate_allows(engine: Engine) -> None:
    """Two are overdue: the second waits for the next period, and a person is notified."""
    house = make_house(
        engine,
        [
            (date(2026, 11, 3), {"principal": 60_000}),
            (date(2026, 11, 17), {"principal": 60_000}),
            (date(2026, 12, 1), {"principal": 60_000}),
        ],
        max_amount=60_000,
    )
    house.announce()
    assert [(row.status, row.charge_on) for row in house.charges()[:2]] == [
        ("notified", date(2026, 11, 24)),
        ("planned", date(2026, 12, 1)),
    ]
    assert house.tasks() == ["charge_over_period"]
