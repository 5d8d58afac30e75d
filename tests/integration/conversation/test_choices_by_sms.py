"""By SMS the choices of the question that stands are numbers; those of an earlier one are none."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.conversation import take_events
from bot.jobs.sweeps import SWEEPS
from models import write_tx
from tests.mandates import add_mandate
from tests.talk import Talk, talk


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    """A charge of hers is announced, and she has no money for it."""
    one = talk(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        add_mandate(connection, one.loan, at=now - timedelta(days=3), provider="fake")
    one.advance(days=3)
    for name in ("charge_plan", "charge_notify"):
        SWEEPS[name].run(one.services)
    take_events(one.services)
    one.send()
    one.say("no tengo dinero", channel="sms")
    return one


def test_a_number_is_a_choice_of_the_question_that_stands(ana: Talk) -> None:
    ana.say("2", channel="sms")
    assert "charge.cancelled" in ana.kinds("charge")


def test_a_number_is_a_day_where_the_question_has_no_choices(ana: Talk) -> None:
    ana.say("1", channel="sms")
    assert ana.ours()[-1].choices is None
    ana.say("el 3", channel="sms")
    assert "jueves 3 de diciembre" in ana.ours()[-1].body
