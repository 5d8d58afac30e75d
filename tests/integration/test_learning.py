"""Which address works and at which hour somebody answers, learnt from receipts and answers."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.outreach import learn, plan
from bot.outreach.planning.learning import best_hour
from bot.reach import best_contact_point, health
from models import (
    Borrower,
    ContactPoint,
    Event,
    Message,
    Receipt,
    ResponseHour,
    read_tx,
    write_tx,
)
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services

MEXICO = ZoneInfo("America/Mexico_City")
TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("responses", "hour"),
    [
        ({}, None),
        ({19: 2}, None),
        ({8: 1, 13: 1, 19: 1}, None),
        ({8: 1, 19: 2}, 19),
        ({20: 4, 9: 4}, 9),
    ],
)
def test_an_hour_is_best_once_some_responses_agree(responses: dict[int, int], hour: int | None) -> None:
    assert best_hour(responses) == hour


def test_what_was_read_and_answered_is_learnt_once(engine: Engine, now: datetime) -> None:
    services = make_test_services(engine, now)
    with write_tx(engine) as connection:
        person, thread = add_borrower(connection)
        add_loan(connection, person, instalments=[(TODAY, {"principal": 50_000})])
        point = {"borrower_id": person, "conversation_id": thread, "created_at": now, "failures": 0}
        mail = {"channel": "email", "key": "a@b.mx", "address": "a@b.mx", "status": "unverified"}
        connection.execute(insert(ContactPoint).values(**point, **mail))
        message = {"conversation_id": thread, "borrower_id": person, "created_at": now}
        out = {
            "direction": "out",
            "author": "bot",
            "address": "a@b.mx",
            "status": "read",
            "purpose": "contact",
        }
        sent = insert(Message).values(**message, **out, channel="email").returning(Message.id)
        first = connection.execute(sent).scalar_one()
        for status in ("delivered", "read"):
            connection.execute(insert(Receipt).values(message_id=first, status=status, at=now))
        for days in (1, 2, 3):
            evening = datetime.combine(TODAY - timedelta(days=days), now.time(), MEXICO).replace(hour=19)
            answer = {"direction": "in", "author": "borrower", "channel": "email", "address": "a@b.mx"}
            row = message | answer | {"status": "received", "created_at": evening.astimezone(UTC)}
            connection.execute(insert(Message), [row, row | {"channel": "web"}])
    assert (learn(services), learn(services)) == (8, 0)
    with read_tx(engine) as connection:
        found = best_contact_point(connection, person)
        hours = dict(connection.execute(select(ResponseHour.hour, ResponseHour.responses)).all())
        assert found is not None
        assert (found.channel, health(found), found.worked_at) == ("email", "read", now)
        assert (hours[19], connection.scalar(select(Borrower.best_hour))) == (3, 19)
    assert plan(services) == 1
    usual = (person + TODAY.toordinal()) % 5 == 0
    with read_tx(engine) as connection:
        at = connection.scalar(select(Event.not_before)).astimezone(MEXICO)
    assert (at.date(), at.hour) == (TODAY, now.astimezone(MEXICO).hour if usual else 19)


def test_new_habits_outweigh_old_ones(engine: Engine, now: datetime) -> None:
    services, best = make_test_services(engine, now), []
    with write_tx(engine) as connection:
        person, thread = add_borrower(connection)
        connection.execute(insert(ResponseHour).values(borrower_id=person, hour=9, responses=400))
    for days in range(20):
        evening = datetime.combine(TODAY + timedelta(days=days), now.time(), MEXICO).replace(hour=19)
        answer = {"direction": "in", "author": "borrower", "channel": "whatsapp", "status": "received"}
        row = {"conversation_id": thread, "borrower_id": person, "address": "x", **answer}
        with write_tx(engine) as connection:
            connection.execute(insert(Message).values(**row, created_at=evening.astimezone(UTC)))
        learn(services)
        with read_tx(engine) as connection:
            best.append(connection.scalar(select(Borrower.best_hour)))
    assert (best[0], best[-1]) == (9, 19)
    assert best == sorted(best), "it does not go back"


def test_what_was_declared_wins_and_an_address_that_fails_again_and_again_comes_last(
    engine: Engine, now: datetime
) -> None:
    with write_tx(engine) as connection:
        person, thread = add_borrower(connection)
        point = {"borrower_id": person, "conversation_id": thread, "created_at": now, "status": "unverified"}
        mail = {"channel": "email", "key": "a@b.mx", "address": "a@b.mx", "worked_at": now}
        connection.execute(insert(ContactPoint).values(**point, **mail))
        connection.execute(update(Borrower).values(preferred_channel="whatsapp"))
        declared = best_contact_point(connection, person)
        connection.execute(update(Borrower).values(preferred_channel=None))
        worked = best_contact_point(connection, person)
        connection.execute(update(ContactPoint).where(ContactPoint.channel == "email").values(failures=3))
        steady = best_contact_point(connection, person)
    assert [each.channel for each in (declared, worked, steady) if each] == ["whatsapp", "email", "whatsapp"]
