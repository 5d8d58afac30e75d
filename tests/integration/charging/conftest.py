"""A house in which a charge is due, announced, submitted, collected."""

import pytest
from sqlalchemy import Engine

from tests.charging import House, make_house, make_many


@pytest.fixture
def house(engine: Engine) -> House:
    return make_house(engine)


@pytest.fixture
def announced(house: House) -> House:
    """The morning of Friday 27th: its notice left on Thursday."""
    house.announce()
    house.at("2026-11-26T09:00")
    house.announce()
    house.at("2026-11-27T09:00")
    assert house.statuses() == ["notified"]
    return house


@pytest.fixture
def submitted(announced: House) -> House:
    announced.submit()
    assert announced.statuses() == ["submitted"]
    return announced


@pytest.fixture
def collected(submitted: House) -> House:
    submitted.provider.turn_all("collected")
    submitted.at("2026-11-30T12:00")
    submitted.look()
    submitted.talk()
    assert submitted.statuses()[0] == "collected"
    return submitted


@pytest.fixture
def many(engine: Engine) -> House:
    return make_many(engine)
