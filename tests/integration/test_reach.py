"""Where a borrower is best reached, and the one way to queue an event or open a task."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, insert, select, update

from bot.conversation import take_events
from bot.debit.charging import notice
from bot.money import expire_promises
from bot.outreach import plan
from bot.reach import (
    NewEvent,
    News,
    NewTask,
    UnknownTaskKind,
    best_contact_point,
    best_contact_points,
    enqueue_event,
    notify_borrower,
    open_task,
)
from models import ContactPoint, Conversation, Event, Promise, Task, read_tx, write_tx
from models.base import AnyRow
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services
from tests.talk import Talk, talk


def add_point(connection: Connection, borrower: int, number: int, at: datetime, **values: Any) -> int:
    """Another contact point of this borrower, in a conversation of its own."""
    phone = f"+525511{number:06d}"
    thread = {"key": phone, "channel": "whatsapp", "address": f"whatsapp:{phone}", "state": {}}
    conversation = connection.execute(
        insert(Conversation).values(**thread, created_at=at).returning(Conversation.id)
    ).scalar_one()
    point = {"channel": "whatsapp", "key": phone, "address": f"whatsapp:{phone}", "status": "confirmed"}
    return connection.execute(
        insert(ContactPoint)
        .values(borrower_id=borrower, conversation_id=conversation, created_at=at, **(point | values))
        .returning(ContactPoint.id)
    ).scalar_one()


def best(connection: Connection, borrower: int) -> int:
    """By both ways of asking, which agree."""
    one = best_contact_point(connection, borrower)
    points = best_contact_points().subquery()
    of_all = connection.scalar(
        select(points.c.id).where(points.c.borrower_id == borrower, points.c.rank == 1)
    )
    assert one is not None
    assert one.id == of_all
    return int(one.id)


def test_the_newest_of_two_confirmed_phones_is_best(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        connection.execute(update(ContactPoint).values(status="confirmed"))
        newer = add_point(connection, borrower, 1, now)
        assert best(connection, borrower) == newer


def test_a_confirmed_phone_is_better_than_a_newer_one_and_a_dead_one_is_never_best(
    engine: Engine, now: datetime
) -> None:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        confirmed = add_point(connection, borrower, 1, now)
        add_point(connection, borrower, 2, now, status="unverified")
        add_point(connection, borrower, 3, now, status="invalid")
        add_point(connection, borrower, 4, now, status="closed")
        assert best(connection, borrower) == confirmed


def test_the_declared_channel_is_best(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection, preferred_channel="sms")
        sms = add_point(connection, borrower, 1, now, channel="sms", status="unverified")
        add_point(connection, borrower, 2, now)
        assert best(connection, borrower) == sms


def test_a_borrower_with_closed_points_alone_is_reached_nowhere(engine: Engine) -> None:
    with write_tx(engine) as connection:
        borrower, conversation = add_borrower(connection)
        connection.execute(update(ContactPoint).values(status="closed"))
        assert best_contact_point(connection, borrower) is None
        anyway = best_contact_point(connection, borrower, usable_only=False)
        assert anyway is not None
        assert anyway.conversation_id == conversation


def test_a_reminder_a_receipt_and_a_broken_promise_go_to_the_same_phone(
    engine: Engine, now: datetime
) -> None:
    services = make_test_services(engine, now)
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        connection.execute(update(ContactPoint).values(status="confirmed", confirmed_at=now))
        add_point(connection, borrower, 1, now, confirmed_at=now - timedelta(days=20))
        loan = add_loan(connection, borrower, instalments=[(now.date(), {"principal": 50_000})])
        expected = best_contact_point(connection, borrower)
        assert expected is not None
        notify_borrower(connection, News(loan, "payment.posted", "payment.posted:1"), now)
    plan(services)
    made = {"loan_id": loan, "amount": 50_000, "due_date": date(2026, 11, 16)}
    with write_tx(engine) as connection:
        connection.execute(
            insert(Promise).values(
                **made, expires_on=date(2026, 11, 18), made_at=now - timedelta(days=9), status="open"
            )
        )
    assert expire_promises(services) == 1
    with read_tx(engine) as connection:
        events = connection.execute(select(Event.kind, Event.conversation_id).order_by(Event.kind)).all()
        points = notice._contact_points(connection, {borrower})
    assert [kind for kind, _ in events] == ["outreach", "payment.posted", "promise.broken"]
    assert {conversation for _, conversation in events} == {expected.conversation_id}
    assert points[borrower].conversation_id == expected.conversation_id


def test_an_event_is_queued_once_per_key(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection:
        _, conversation = add_borrower(connection)
        for _ in range(2):
            enqueue_event(connection, NewEvent("released", conversation, "released:1", now))
        rows = connection.execute(select(Event.not_before, Event.attempts)).all()
    assert [tuple(row) for row in rows] == [(now, 0)]


def test_a_task_is_opened_once_per_key_and_a_note_each_time(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection:
        for _ in range(2):
            open_task(connection, NewTask("not_sent", now, key="not_sent:1", data={"error": "30007"}))
            open_task(connection, NewTask("note", now, done_by="agent:1"))
        kinds = connection.execute(select(Task.kind, Task.done_at).order_by(Task.id)).all()
    assert [tuple(row) for row in kinds] == [("not_sent", None), ("note", now), ("note", now)]


def test_a_task_of_a_kind_that_no_page_has_words_for_is_refused(engine: Engine, now: datetime) -> None:
    with write_tx(engine) as connection, pytest.raises(UnknownTaskKind, match="TASK_KINDS"):
        open_task(connection, NewTask("mystery", now))


def answer_at(talk: Talk, event: NewEvent) -> AnyRow:
    """The message that the turn of this event queues."""
    with write_tx(talk.services.engine) as connection:
        enqueue_event(connection, event)
    assert take_events(talk.services) == 1
    return talk.ours()[-1]


def test_a_chosen_contact_point_is_used_inside_a_conversation(engine: Engine, now: datetime) -> None:
    ana = talk(engine, now)
    with write_tx(engine) as connection:
        sms = add_point(connection, ana.borrower, 1, now, channel="sms", address="+525511000001")
        connection.execute(
            update(ContactPoint)
            .where(ContactPoint.id == sms)
            .values(conversation_id=ana.conversation, status="unverified")
        )
    event = NewEvent("outreach", ana.conversation, "k1", now, {"flow": "reminder"}, ana.loan, sms)
    message = answer_at(ana, event)
    assert (message.channel, message.address, message.contact_point_id) == ("sms", "+525511000001", sms)
    assert message.event_id is not None


def test_a_contact_that_is_put_off_comes_back_with_its_own_flow(engine: Engine, now: datetime) -> None:
    ana = talk(engine, now)
    data = {"flow": "balance", "tone": "kind", "strategy": "house@3", "step": "due"}
    message = answer_at(ana, NewEvent("outreach", ana.conversation, "k1", now, data, ana.loan))
    ana.advance(hours=11)  # 23:00: it may leave tomorrow, worded anew
    ana.send()
    with read_tx(engine) as connection:
        again = connection.execute(select(Event).where(Event.key == f"again:{message.id}")).one()
    asked_at = message.created_at.isoformat(timespec="seconds")
    assert again.data == data | {"unasked_at": asked_at, "instead_of": message.id}
    assert again.not_before > ana.services.clock.now()


def test_who_was_asked_nothing_yet_is_asked_once_it_is_lawful(engine: Engine, now: datetime) -> None:
    """By SMS nothing leaves before nine: the question that was to leave at eight holds up no other."""
    ana = talk(engine, now - timedelta(hours=4))
    with write_tx(engine) as connection:
        connection.execute(update(Conversation).values(borrower_id=None, channel="sms"))
        sms = {"channel": "sms", "address": "+525511000001", "status": "unverified", "confirmed_at": None}
        connection.execute(update(ContactPoint).values(**sms))
        point = connection.scalar(select(ContactPoint.id))
    at = ana.services.clock.now()
    first = answer_at(
        ana, NewEvent("outreach", ana.conversation, "k1", at, {"flow": "reminder"}, ana.loan, point)
    )
    ana.send()
    assert [(row.status, row.reason) for row in ana.ours()] == [("suppressed", "MX-HOURS")]
    ana.advance(hours=1, minutes=5)
    assert take_events(ana.services) == 1
    ana.send()
    again = ana.ours()[-1]
    assert (again.id > first.id, again.status, again.channel) == (True, "sent", "sms")
