"""How fast senders go: their rate, their pauses while a provider is away, and WhatsApp's tier."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.channels import PermanentFailure, TransientFailure, UnknownOutcome
from bot.outreach import resolve_unknown
from models import ContactPoint, Conversation, Message, Task, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.outbox import OPENING, REPLY, Outbox


def test_while_the_provider_is_away_single_messages_try_it_and_none_is_given_up(outbox: Outbox) -> None:
    outbox.twilio.during = _raising(TransientFailure("connect"))
    message = outbox.queue()
    tries = 0
    for _ in range(90):  # an hour and a half, in minutes
        tries += outbox.run()
        outbox.advance(minutes=1)
        outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    row = outbox.row(message)
    assert (row.status, outbox.tasks()) == ("queued", ["sender_stopped"])
    assert 15 <= tries <= 30
    outbox.twilio.during = lambda _: None
    outbox.advance(minutes=6)
    outbox.run()
    assert (outbox.row(message).status, outbox.sender("whatsapp").failures) == ("sent", 0)
    with read_tx(outbox.services.engine) as connection:
        closed = connection.execute(select(Task.done_by, Task.outcome)).all()
    assert closed == [("system:dispatch", "not_needed")]


def test_a_sender_that_stops_again_is_shown_again_and_a_day_that_is_full_stays_shown(outbox: Outbox) -> None:
    for code, waits in (("63018", timedelta(hours=1)), ("20003", timedelta(minutes=5))):
        outbox.twilio.answers = [PermanentFailure(code, "wait_day" if code == "63018" else "stop_sender")]
        outbox.queue()
        outbox.run()
        outbox.queue()
        outbox.run()  # an answer leaves while nothing else may
        assert outbox.open_tasks() == ["sender_stopped"]
        outbox.advance(seconds=waits.total_seconds() + 1)
        outbox.queue()
        outbox.run()
        assert outbox.open_tasks() == []


def test_after_an_hour_of_errors_every_message_leaves_once(
    outbox: Outbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody knows of a 500 whether the message was taken: nothing is sent again before the provider was
    asked.
    """
    for name in ("dispatch", "pace", "senders", "unknown"):
        module = sys.modules[f"bot.outreach.sending.{name}"]
        monkeypatch.setattr(module, "system_now", outbox.services.clock.now)
    _answers(outbox, 9)
    away = UnknownOutcome("500")
    outbox.twilio.during = _raising(away)
    monkeypatch.setattr(outbox.twilio, "sent_to", _raising(away))
    for _ in range(60):
        outbox.run()
        resolve_unknown(outbox.services, outbox.twilio)
        outbox.advance(minutes=1)
    assert (outbox.twilio.sent, outbox.tasks()) == ([], ["sender_stopped"])
    assert {row.status for row in outbox.rows()} <= {"queued", "unknown"}
    outbox.twilio.during = lambda _: None
    monkeypatch.setattr(outbox.twilio, "sent_to", lambda *_: [])
    for _ in range(12):
        outbox.advance(minutes=1)
        resolve_unknown(outbox.services, outbox.twilio)
        outbox.run()
    assert sorted(each.message_id for each in outbox.twilio.sent) == [row.id for row in outbox.rows()]


def test_mail_waits_for_a_server_that_is_away_for_a_day_and_leaves_in_lawful_hours(outbox: Outbox) -> None:
    message = outbox.queue(replace(REPLY, purpose="notice"), channel="email", address="ana@example.mx")
    outbox.set(ContactPoint, channel="email", address="ana@example.mx")
    outbox.twilio.during = _raising(TransientFailure("SMTPConnect"))
    for _ in range(68):  # 34 hours, until ten at night
        outbox.run()
        outbox.advance(minutes=30)
    assert (outbox.row(message).status, set(outbox.tasks())) == ("queued", {"sender_stopped"})
    outbox.twilio.during = lambda _: None
    outbox.run()
    assert outbox.twilio.sent == []
    outbox.advance(hours=10)
    outbox.run()
    assert [each.message_id for each in outbox.twilio.sent] == [message]


def _answers(outbox: Outbox, most: int) -> None:
    """Queues an answer to each of so many people, whose window is open."""
    with write_tx(outbox.services.engine) as connection:
        for number in range(2, most + 2):
            person, thread = add_borrower(connection, number)
            row: dict[str, Any] = {"conversation_id": thread, "borrower_id": person, "loan_id": None}
            row |= {"address": f"whatsapp:+525500{number:06d}"}
            connection.execute(insert(Message).values(**outbox.reply(row)))
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())


def _raising(failure: Exception) -> Callable[..., Any]:
    def raising(*_: object) -> Any:
        raise failure

    return raising


def test_workers_share_the_rate_of_a_sender(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    for name in ("dispatch", "pace"):
        monkeypatch.setattr(sys.modules[f"bot.outreach.sending.{name}"], "system_now", lambda: at)
    outbox.services.settings.__dict__["messages_per_second"] = {"whatsapp": 8.0}
    _answers(outbox, 12)
    assert [outbox.run() for _ in range(3)] == [2, 0, 0]  # a quarter of a second may be made up for
    sent = 2
    for _ in range(40):
        at += timedelta(milliseconds=50)
        sent += outbox.run()
    assert (sent, len(outbox.twilio.sent)) == (12, 12)
    last = outbox.sender("whatsapp").refilled_at - datetime(2026, 11, 24, tzinfo=UTC)
    assert last == timedelta(seconds=1.25)  # the other ten, by eight a second


def test_a_pause_that_the_provider_asks_for_is_kept_and_counts_as_no_fault(outbox: Outbox) -> None:
    outbox.twilio.answers = [TransientFailure("20429", wait_seconds=40)]
    _answers(outbox, 3)
    outbox.run()  # one is refused, those that were under way are taken
    outbox.advance(seconds=39)
    assert (outbox.run(), len(outbox.twilio.sent)) == (0, 2)
    outbox.advance(seconds=1)
    outbox.run()
    assert (len(outbox.twilio.sent), outbox.tasks(), outbox.sender("whatsapp").failures) == (3, [], 0)
    outbox.twilio.answers = [TransientFailure("20429", wait_seconds=86_400)]
    outbox.queue()
    outbox.run()
    outbox.advance(minutes=5)
    outbox.run()
    assert len(outbox.twilio.sent) == 4


def test_beyond_whatsapps_tier_contacts_wait_and_answers_do_not(outbox: Outbox) -> None:
    outbox.services.settings.whatsapp_people_per_day = 1
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template(status="approved", category="UTILITY", content_sid="HX1")
    first = outbox.queue(OPENING)
    with write_tx(outbox.services.engine) as connection:
        person, thread = add_borrower(connection, 2)
        loan = add_loan(connection, person, 2)
    second = outbox.queue(OPENING, borrower_id=person, conversation_id=thread, loan_id=loan)
    outbox.run()
    assert [outbox.row(m).status for m in (first, second)] == ["sent", "queued"]
    assert outbox.row(second).reason == "SENDER-FULL"
    outbox.twilio.answers = [PermanentFailure("63018", "wait_day")]
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    answer = outbox.queue(conversation_id=thread)
    outbox.run()
    assert outbox.tasks() == ["sender_stopped"]
    assert outbox.sender("whatsapp").full_until > outbox.services.clock.now() + timedelta(minutes=50)
    assert outbox.row(answer).status == "failed"
