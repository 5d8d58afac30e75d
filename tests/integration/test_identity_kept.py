"""A mandate's holder stays known where they keep answering; is asked before the proof lapses; is met with
the neutral opening after.
"""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select, update

from bot.conversation import take_events
from bot.debit.mandates import renew_identity, submit_mandates
from models import ContactPoint, Event, Mandate, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.mandates import add_mandate
from tests.services import approve_templates, make_test_services
from tests.talk import Talk, talk


@pytest.fixture
def ana(engine: Engine, now: datetime) -> Talk:
    """Her mandate is active."""
    one = talk(engine, now, curp="LORA900315MDFPZN05", email="ana@correo.mx")
    one.to_authorized()
    submit_mandates(one.services)
    with write_tx(engine) as connection:
        connection.execute(update(Mandate).values(status="active"))
        approve_templates(connection, one.services)
    return one


def known(one: Talk) -> bool:
    one.say("¿cuánto debo?")
    return "$" in one.wire.sent[-1].text


def test_who_keeps_answering_stays_known(ana: Talk) -> None:
    for _ in range(4):
        ana.advance(days=60)
        assert known(ana)


def test_who_was_silent_too_long_is_asked_who_they_are(ana: Talk) -> None:
    ana.advance(days=91)
    assert not known(ana)
    assert not known(ana), "writing alone proves nothing"


def test_without_a_mandate_the_proof_lapses(engine: Engine, now: datetime) -> None:
    one = talk(engine, now)
    one.advance(days=60)
    assert known(one)
    one.advance(days=60)
    assert not known(one)


def outreach(one: Talk) -> list[str]:
    asked = renew_identity(one.services)
    take_events(one.services)
    one.send()
    events = one.rows(Event, Event.kind == "outreach")
    assert asked >= 0
    return [event.data["flow"] for event in events]


def test_before_it_lapses_its_holder_is_asked_once_and_an_answer_keeps_it(ana: Talk) -> None:
    assert outreach(ana) == []
    ana.advance(days=80)
    assert outreach(ana) == ["renew_identity"]
    assert outreach(ana) == ["renew_identity"]
    assert "¿Sigues leyendo tus mensajes aquí?" in ana.wire.sent[-1].text
    ana.say("sí")
    assert ana.rows(ContactPoint)[0].answered_at is not None
    ana.advance(days=60)
    assert known(ana)


def test_after_it_lapsed_the_neutral_opening_is_sent(ana: Talk) -> None:
    ana.advance(days=91)
    assert outreach(ana) == ["identity"]
    assert "$" not in ana.wire.sent[-1].text


def test_a_phone_that_changed_hands_keeps_nothing(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        connection.execute(
            update(ContactPoint).values(
                confirmed_at=None, answered_at=ana.services.clock.now() - timedelta(days=1)
            )
        )
    assert not known(ana)


def test_who_does_not_answer_keeps_nobody_waiting(
    sqlite_engine: Engine, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.debit.mandates.renew.BATCH", 1)
    services = make_test_services(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        for number in (1, 2):
            borrower, _ = add_borrower(connection, number)
            add_mandate(connection, add_loan(connection, borrower, number))
        connection.execute(update(ContactPoint).values(confirmed_at=now - timedelta(days=80)))
    assert renew_identity(services) == 2
    with read_tx(sqlite_engine) as connection:
        assert len(connection.execute(select(Event)).all()) == 2
