"""How fast senders go: their rate, their pauses while a provider is away, and WhatsApp's tier."""

import sys
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from bot.channels import Outgoing, PermanentFailure, TransientFailure
from models import Conversation, Message, write_tx
from tests.loans import add_borrower, add_loan
from tests.outbox import OPENING, Outbox


def test_while_the_provider_is_away_single_messages_try_it_and_none_is_given_up(outbox: Outbox) -> None:
    outbox.twilio.during = _away
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


def _away(_: Outgoing) -> None:
    raise TransientFailure("connect")


def test_workers_share_the_rate_of_a_sender(outbox: Outbox, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    for name in ("dispatch", "pace"):
        monkeypatch.setattr(sys.modules[f"bot.outreach.{name}"], "system_now", lambda: at)
    outbox.services.settings.__dict__["messages_per_second"] = {"whatsapp": 8.0}
    with write_tx(outbox.services.engine) as connection:
        for number in range(2, 14):
            person, thread = add_borrower(connection, number)
            row = {"conversation_id": thread, "borrower_id": person, "loan_id": None}
            connection.execute(insert(Message).values(**outbox.reply(row)))
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    assert [outbox.run() for _ in range(3)] == [2, 0, 0]  # a quarter of a second may be made up for
    sent = 2
    for _ in range(40):
        at += timedelta(milliseconds=50)
        sent += outbox.run()
    assert (sent, len(outbox.twilio.sent)) == (12, 12)
    last = outbox.sender("whatsapp").refilled_at - datetime(2026, 11, 24, tzinfo=UTC)
    assert last == timedelta(seconds=1.25)  # the other ten, by eight a second


def test_beyond_whatsapps_tier_contacts_wait_and_answers_do_not(outbox: Outbox) -> None:
    outbox.services.settings.whatsapp_people_per_day = 1
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template(status="approved", category="UTILITY", content_sid="HX1")
    first = outbox.queue(OPENING)
    with write_tx(outbox.services.engine) as connection:
        person, thread = add_borrower(connection, 2)
        loan = add_loan(connection, person, "L-2")
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
