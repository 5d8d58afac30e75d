"""The dispatcher against both databases: what leaves, in which order, and what is held back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import insert, select

from bot.channels import Outgoing, PermanentFailure, TransientFailure
from bot.outreach import dispatch
from bot.outreach.sending import pace
from bot.reach import AgentContact, record_call
from bot.wording import encode
from flows.types.effects import Say
from models import (
    Borrower,
    Conversation,
    Event,
    Hold,
    LedgerEntry,
    Message,
    event_table,
    ledger_entry_table,
    read_tx,
    write_tx,
)
from models.ledger import Payment, post_payment
from tests.loans import add_borrower, add_loan
from tests.outbox import OPENING, Outbox
from values import Money


def test_an_answer_leaves_as_worded_and_no_ledger_hears_of_it(outbox: Outbox) -> None:
    message = outbox.queue()
    assert outbox.run() == 1
    row = outbox.row(message)
    assert (row.status, row.sid, row.attempts) == ("sent", f"SM{1:032d}", 1)
    assert row.body == outbox.twilio.sent[0].text != ""
    assert outbox.ledger() == []
    assert outbox.run() == 0


def test_the_transaction_is_closed_while_the_provider_is_called(outbox: Outbox) -> None:
    message = outbox.queue()
    seen: list[str] = []

    def look(_: Outgoing) -> None:
        outbox.set(Borrower, name="Ana")  # would wait for a lock
        seen.append(outbox.row(message).status)

    outbox.twilio.during = look
    outbox.run()
    assert seen == ["sending"]


def test_a_contact_stands_in_the_ledger_by_id_code_and_second_alone(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    outbox.run()
    with read_tx(outbox.services.engine) as connection:
        entry = connection.execute(select(ledger_entry_table).where(LedgerEntry.kind == "contact.sent")).one()
        assert connection.scalar(select(Conversation.contacted_at)) is not None
    left_at = int(outbox.services.clock.now().timestamp())
    kept = {"message": message, "channel": "whatsapp", "purpose": "contact", "left_at": left_at}
    assert entry.data == kept
    assert [choice["payload"] for choice in outbox.row(message).choices] == ["yes", "no"]


def test_one_conversation_goes_in_order_one_at_a_time(outbox: Outbox) -> None:
    first, second = outbox.queue(), outbox.queue()
    assert outbox.run() == 1
    assert [outbox.row(m).status for m in (first, second)] == ["sent", "queued"]
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [first, second]


def test_an_answer_that_waits_to_be_tried_again_holds_up_the_next_but_a_contact_does_not(
    outbox: Outbox,
) -> None:
    outbox.twilio.answers = [TransientFailure("20429")]
    first, second = outbox.queue(), outbox.queue()
    outbox.run()
    assert outbox.run() == 0
    outbox.advance(seconds=2)
    outbox.run()
    outbox.run()
    assert [sent.message_id for sent in outbox.twilio.sent] == [first, second]
    later = outbox.queue(OPENING, not_before=outbox.services.clock.now() + timedelta(days=1))
    third = outbox.queue()
    outbox.run()
    assert [outbox.row(m).status for m in (later, third)] == ["queued", "sent"]


def test_answers_leave_before_a_campaign(outbox: Outbox) -> None:
    with write_tx(outbox.services.engine) as connection:
        for number in range(10, 20):
            borrower, conversation = add_borrower(connection, number)
            add_loan(connection, borrower, number)
            row = {
                "conversation_id": conversation,
                "borrower_id": borrower,
                "direction": "out",
                "author": "bot",
                "channel": "sms",
                "address": "+525500000010",
                "status": "queued",
                "wording": encode(OPENING),
                "purpose": "contact",
                "not_before": outbox.services.clock.now() - timedelta(minutes=5),
                "created_at": outbox.services.clock.now(),
            }
            connection.execute(insert(Message).values(**row))
    reply = outbox.queue()
    dispatch(outbox.services, outbox.twilio, batch=3)
    assert outbox.twilio.sent[0].message_id == reply
    assert len(outbox.twilio.sent) == 3


def test_the_caps_hold_for_a_shared_phone_where_nobody_is_known_yet(outbox: Outbox) -> None:
    outbox.queue(OPENING, borrower_id=None)
    outbox.run()
    again = outbox.queue(OPENING, borrower_id=None)
    known = outbox.queue(OPENING)
    outbox.run()
    outbox.run()
    assert len(outbox.twilio.sent) == 1
    assert [(outbox.row(message).status, outbox.row(message).reason) for message in (again, known)] == [
        ("suppressed", "MX-CAP")
    ] * 2


def test_a_hold_of_the_person_on_another_loan_is_asked_again_before_it_leaves(outbox: Outbox) -> None:
    message, general = outbox.queue(OPENING), outbox.queue(OPENING, loan_id=None)
    with write_tx(outbox.services.engine) as connection:
        other = add_loan(connection, outbox.borrower, 2)
        held = {"loan_id": other, "kind": "deceased", "placed_at": outbox.services.clock.now()}
        connection.execute(insert(Hold).values(**held))
    outbox.run()
    outbox.run()
    assert [(outbox.row(each).status, outbox.row(each).reason) for each in (message, general)] == [
        ("suppressed", "HOLD")
    ] * 2


def test_a_shared_phone_is_left_alone_once_everybody_asked_for_silence(outbox: Outbox) -> None:
    with write_tx(outbox.services.engine) as connection:
        add_borrower(connection, 2, key="+525500000001")
    message = outbox.queue(OPENING, borrower_id=None)
    outbox.set(Borrower, opted_out_at=outbox.services.clock.now())
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).reason) == ("suppressed", "OPT-OUT")


def test_an_agents_call_counts_in_the_caps_when_a_contact_leaves(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    now = outbox.services.clock.now()
    with write_tx(outbox.services.engine) as connection:
        record_call(connection, AgentContact(outbox.borrower, "call", "no_answer", now, "agent:1", "1"), now)
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.reason, outbox.twilio.sent) == ("suppressed", "MX-CAP", [])


def test_nobody_is_contacted_twice_in_one_batch(outbox: Outbox) -> None:
    with write_tx(outbox.services.engine) as connection:
        thread = {
            "key": "MX.1",
            "channel": "whatsapp",
            "address": "whatsapp:MX.1",
            "state": {},
            "created_at": outbox.services.clock.now(),
        }
        other = connection.execute(
            insert(Conversation).values(**thread).returning(Conversation.id)
        ).scalar_one()
    outbox.queue(OPENING)
    second = outbox.queue(OPENING, conversation_id=other, channel="sms", address="+525500000009")
    outbox.run()
    outbox.run()
    assert len(outbox.twilio.sent) == 1
    row = outbox.row(second)
    assert (row.status, row.reason) == ("suppressed", "MX-CAP")
    with read_tx(outbox.services.engine) as connection:
        assert connection.scalar(select(Event.not_before)) > outbox.services.clock.now()


@pytest.mark.parametrize("handler", ["queue", "agent"])
def test_the_bot_is_silent_once_a_person_has_the_conversation(outbox: Outbox, handler: str) -> None:
    taken = outbox.services.clock.now()
    before = outbox.queue()
    outbox.set(Conversation, handler=handler, queued_at=taken)
    outbox.advance(seconds=1)
    after, unasked = outbox.queue(), outbox.queue(OPENING)
    agents = outbox.queue(author="agent", wording=None, body="Soy Laura, ¿en qué ayudo?")
    for _ in range(4):
        outbox.run()
    statuses = [outbox.row(m).status for m in (before, after, unasked, agents)]
    assert statuses == ["sent" if handler == "queue" else "suppressed", "suppressed", "suppressed", "sent"]
    assert outbox.twilio.sent[-1].text == "Soy Laura, ¿en qué ayudo?"


def test_what_forbids_a_contact_between_planning_and_sending(outbox: Outbox) -> None:
    def suppressed_by(rule: str) -> None:
        message = outbox.queue(OPENING)
        outbox.run()
        row = outbox.row(message)
        assert (row.status, row.reason) == ("suppressed", rule)

    outbox.set(Borrower, opted_out_at=outbox.services.clock.now())
    suppressed_by("OPT-OUT")
    outbox.set(Borrower, opted_out_at=None)
    with write_tx(outbox.services.engine) as connection:
        connection.execute(
            insert(Hold).values(loan_id=outbox.loan, kind="dispute", placed_at=outbox.services.clock.now())
        )
    suppressed_by("HOLD")
    outbox.set(Hold, lifted_at=outbox.services.clock.now())
    with write_tx(outbox.services.engine) as connection:
        at = outbox.services.clock.now()
        post_payment(
            connection, outbox.loan, Payment(Money(60_000), at, "spei", "R1", "lender:test"), at, at.date()
        )
    suppressed_by("PAID")
    assert outbox.ledger() == ["contact.suppressed"] * 3
    assert outbox.twilio.sent == []


def test_a_contact_waits_for_the_lawful_hours_and_is_worded_anew_then(outbox: Outbox) -> None:
    outbox.advance(hours=11)  # eleven at night
    message = outbox.queue(OPENING)
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.reason) == ("suppressed", "MX-HOURS")
    with read_tx(outbox.services.engine) as connection:
        event = connection.execute(select(event_table)).one()
    assert (event.kind, event.loan_id, event.not_before.hour) == ("outreach", outbox.loan, 13)
    confirmation = outbox.queue(replace(OPENING, purpose="confirmation"))
    outbox.run()
    assert outbox.row(confirmation).status == "queued"
    assert outbox.row(confirmation).not_before == event.not_before


def test_what_was_queued_yesterday_or_before_a_payment_is_worded_anew(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    with write_tx(outbox.services.engine) as connection:
        at = outbox.services.clock.now() + timedelta(seconds=1)
        post_payment(
            connection, outbox.loan, Payment(Money(10_000), at, "spei", "R1", "lender:test"), at, at.date()
        )
    outbox.advance(minutes=1)
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).reason) == ("suppressed", "STALE")


def test_what_was_queued_before_the_borrower_wrote_is_worded_anew(outbox: Outbox) -> None:
    message = outbox.queue(OPENING)
    outbox.set(Conversation, last_in_at=outbox.services.clock.now() + timedelta(seconds=1))
    outbox.advance(minutes=1)
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).reason) == ("suppressed", "STALE")
    assert outbox.twilio.sent == []


def test_an_sms_opens_no_window_and_needs_none(outbox: Outbox) -> None:
    outbox.set(Conversation, channel="sms")
    whatsapp, sms = outbox.queue(), outbox.queue(channel="sms", address="+525500000001")
    outbox.run()
    outbox.run()
    assert [outbox.row(m).status for m in (whatsapp, sms)] == ["failed", "sent"]


def test_an_sms_is_counted_by_segments_and_takes_fewer_without_accents(outbox: Outbox) -> None:
    outbox.set(Conversation, channel="sms")
    words = "¿Puede pagar mañana? Aquí seguimos. " * 4
    kept = outbox.queue(channel="sms", address="+525500000001", wording=None, body=words)
    outbox.run()
    policy = outbox.services.lender.policy.__dict__
    policy["sms_accents"] = "dropped"
    dropped = outbox.queue(channel="sms", address="+525500000001", wording=None, body=words)
    outbox.run()
    assert (outbox.row(kept).segments, outbox.row(dropped).segments) == (3, 1)
    assert outbox.row(dropped).body == words.replace("í", "i") == outbox.twilio.sent[-1].text


def test_the_provider_drops_it_when_the_window_or_the_lawful_hours_end(outbox: Outbox, now: datetime) -> None:
    outbox.advance(hours=9, minutes=30)  # half past nine in the evening; hours end at ten
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    outbox.queue(OPENING, created_at=outbox.services.clock.now())
    outbox.run()
    outbox.set(Conversation, last_in_at=outbox.services.clock.now() - timedelta(hours=23, minutes=48))
    outbox.queue()
    outbox.run()
    assert [sent.valid_seconds for sent in outbox.twilio.sent] == [1800, 600]


def test_words_that_cannot_be_made_are_a_persons_task_and_hold_up_no_other(outbox: Outbox) -> None:
    broken, fine = outbox.queue(Say((("no.such_key", {}),))), outbox.queue()
    outbox.run()
    outbox.run()
    assert [outbox.row(m).status for m in (broken, fine)] == ["failed", "sent"]
    assert outbox.tasks() == ["not_sent"]


def test_refusals_by_the_table(outbox: Outbox) -> None:
    outbox.twilio.answers = [
        PermanentFailure("63013", "template_bug"),
        PermanentFailure("63016", "template_instead"),
    ]
    message = outbox.queue(replace(OPENING, purpose="reply"))
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).form) == ("queued", "plain")
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.attempts, row.reason) == ("failed", 2, "63016")
    outbox.twilio.answers = [PermanentFailure("63014", "opted_out")]
    blocked = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(blocked).status, outbox.tasks()) == ("failed", ["not_sent"])
    assert outbox.ledger() == ["optout.recorded", "contact_point.closed", "contact.failed"]
    late = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(late).status, outbox.row(late).reason) == ("suppressed", "MX-CHANNEL")


def test_what_is_never_taken_while_others_are_is_given_up_after_a_bounded_number_of_tries(
    outbox: Outbox,
) -> None:
    message = outbox.queue()

    def refuse(outgoing: Outgoing) -> None:
        if outgoing.message_id == message:
            raise TransientFailure("connect")

    outbox.twilio.during = refuse
    for _ in range(14):
        outbox.run()
        outbox.advance(minutes=6)
        outbox.set(Conversation, last_in_at=outbox.services.clock.now())
        with write_tx(outbox.services.engine) as connection:
            pace.works(connection, "whatsapp", outbox.services.clock.now())
    row = outbox.row(message)
    assert (row.status, row.attempts, outbox.tasks()) == ("failed", 12, ["not_sent"])


def test_a_clock_that_was_set_back_holds_up_no_contact(outbox: Outbox) -> None:
    """All that the ledger has is later then: no contact is planned anew for ever because of it."""
    outbox.advance(weeks=-60)
    outbox.set(Conversation, last_in_at=outbox.services.clock.now())
    message = outbox.queue(OPENING)
    outbox.run()
    assert outbox.row(message).status == "sent"
