"""The outbox: what leaves, what is held back and by which rule, and outcomes that nobody knows."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, func, insert, select, update

from bot.channels import PermanentFailure, TransientFailure, UnknownOutcome
from bot.channels.transport import Listed
from bot.clock import system_now
from bot.conversation import take_events
from bot.outreach import dispatch, plan, resolve_unknown
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, Event, Hold, LedgerEntry, Message, Task, Template, reading, writing
from models.ledger import Payment, post_payment
from tests.loans import add_borrower, add_loan
from tests.services import Wire, make_test_services
from values import Money


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    services = make_test_services(engine, now)
    today = now.date()
    with writing(engine) as connection:
        for number in (1, 2, 3):
            borrower, _ = add_borrower(connection, number)
            add_loan(
                connection, borrower, number, [(today - timedelta(days=7), {"principal": 50_000}), (today + timedelta(days=7), {"principal": 50_000})]
            )
        names = ("acuerdo_identity_opening", "acuerdo_reminder_late_neutral", "acuerdo_reminder_late_kind")
        for i, name in enumerate(names):
            row = {"hash": f"h{i}", "name": name, "language": "es_MX", "content_sid": f"HX{i:032d}", "status": "approved", "created_at": now}
            connection.execute(insert(Template).values(**row))
    return services


def rows(engine: Engine, *where: object) -> list[Message]:
    with reading(engine) as connection:
        return list(connection.execute(select(Message.__table__).where(Message.direction == "out", *where).order_by(Message.id)))  # type: ignore[arg-type]


def kinds(engine: Engine, prefix: str = "contact.") -> list[str]:
    with reading(engine) as connection:
        return list(connection.scalars(select(LedgerEntry.kind).where(LedgerEntry.kind.startswith(prefix)).order_by(LedgerEntry.id)))


def reply(services: Services, text: str = "Hola", **more: object) -> int:
    """A queued answer to borrower 1, within the window."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        connection.execute(update(Conversation).where(Conversation.id == 1).values(last_in_at=now))
        row = {"conversation_id": 1, "borrower_id": 1, "direction": "out", "author": "bot", "channel": "whatsapp", "address": "whatsapp:+525500000001",
               "status": "queued", "body": text, "purpose": "reply", "not_before": now, "created_at": now, "attempts": 0}  # fmt: skip
        return connection.execute(insert(Message).values(**(row | more)).returning(Message.id)).scalar_one()


def test_planned_said_sent_and_in_the_ledger(services: Services) -> None:
    wire = Wire()
    assert plan(services) == 3
    assert plan(services) == 0
    assert take_events(services) == 3
    assert dispatch(services, wire) == 3
    assert [sent.template for sent in wire.sent] == ["HX" + "0" * 32] * 3
    assert wire.sent[0].variables == ("Ana", "Crédito Jacaranda")
    assert kinds(services.engine) == ["contact.sent"] * 3
    assert dispatch(services, wire) == 0


def test_nothing_leaves_at_night_and_what_waits_is_worded_anew(services: Services) -> None:
    wire = Wire()
    plan(services)
    take_events(services)
    services.clock.advance(hours=11)  # type: ignore[attr-defined] # 23:00
    dispatch(services, wire)
    assert wire.sent == []
    assert {row.status for row in rows(services.engine)} == {"suppressed"}
    services.clock.advance(hours=9)  # type: ignore[attr-defined] # 08:00 of the next day
    take_events(services)
    dispatch(services, wire)
    assert len(wire.sent) == 3


@pytest.mark.parametrize("rule", ["OPT-OUT", "HOLD", "PAID", "MX-CHANNEL", "OWNER"])
def test_the_rules_are_asked_again_when_it_leaves(services: Services, rule: str, now: datetime) -> None:
    wire = Wire()
    plan(services)
    take_events(services)
    with writing(services.engine) as connection:
        if rule == "OPT-OUT":
            connection.execute(update(Borrower).where(Borrower.id == 1).values(opted_out_at=now))
        elif rule == "HOLD":
            connection.execute(insert(Hold).values(loan_id=1, kind="dispute", placed_at=now))
        elif rule == "PAID":
            post_payment(connection, 1, Payment(Money(100_000), now, "spei", "R1", "test"), now, now.date())
        elif rule == "MX-CHANNEL":
            connection.execute(update(ContactPoint).where(ContactPoint.borrower_id == 1).values(status="closed"))
        else:
            connection.execute(update(Conversation).where(Conversation.id == 1).values(handler="agent"))
    dispatch(services, wire)
    assert len(wire.sent) == 2
    assert [(row.status, row.error) for row in rows(services.engine, Message.conversation_id == 1)] == [("suppressed", rule)]
    assert kinds(services.engine).count("contact.suppressed") == 1


def test_a_payment_meanwhile_words_the_reminder_anew(services: Services, now: datetime) -> None:
    wire = Wire()
    plan(services)
    take_events(services)
    services.clock.advance(seconds=1)  # type: ignore[attr-defined]
    with writing(services.engine) as connection:
        post_payment(connection, 1, Payment(Money(10_000), now, "spei", "R1", "test"), services.clock.now(), now.date())
    dispatch(services, wire)
    assert len(wire.sent) == 2
    assert [row.error for row in rows(services.engine, Message.conversation_id == 1)] == ["STALE"]
    with reading(services.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(Event).where(Event.key.startswith("again:"))) == 1


def test_one_contact_a_day(services: Services) -> None:
    wire = Wire()
    plan(services)
    take_events(services)
    dispatch(services, wire)
    reply(services, purpose="contact", loan_id=1)
    dispatch(services, wire)
    assert len(wire.sent) == 3


def test_outside_the_window_only_a_template_leaves(services: Services) -> None:
    wire = Wire()
    message = reply(services, wording={"lines": [["thanks.back", {}]], "choices": [], "tone": "kind"})
    services.clock.advance(hours=24)  # type: ignore[attr-defined]
    dispatch(services, wire)
    assert wire.sent == []
    assert [(row.id, row.status, row.error_code) for row in rows(services.engine)] == [(message, "failed", "no_template")]


def test_a_conversation_goes_out_in_order_one_at_a_time(services: Services) -> None:
    wire = Wire()
    for text in ("uno", "dos", "tres"):
        reply(services, text)
    assert [dispatch(services, wire) for _ in range(4)] == [1, 1, 1, 0]
    assert [sent.text for sent in wire.sent] == ["uno", "dos", "tres"]


def test_never_taken_is_sent_again_after_a_while(services: Services) -> None:
    wire = Wire(failures=[TransientFailure("20429")])
    reply(services)
    dispatch(services, wire)
    assert dispatch(services, wire) == 0
    services.clock.advance(seconds=2)  # type: ignore[attr-defined]
    dispatch(services, wire)
    assert len(wire.sent) == 1


def test_the_older_form_of_a_number_is_tried_once_then_sms(services: Services) -> None:
    wire = Wire(failures=[PermanentFailure("63003", "other_form"), PermanentFailure("63003", "other_form")])
    reply(services)
    for _ in range(3):
        dispatch(services, wire)
    assert [(sent.channel, sent.address) for sent in wire.sent] == [("sms", "+525500000001")]
    with reading(services.engine) as connection:
        assert connection.scalar(select(ContactPoint.status).where(ContactPoint.borrower_id == 1)) == "invalid"


def test_a_wrong_setting_stops_nothing_for_good_and_tells_somebody(services: Services) -> None:
    wire = Wire(failures=[PermanentFailure("20003", "stop_sender")])
    reply(services)
    dispatch(services, wire)
    with reading(services.engine) as connection:
        assert list(connection.scalars(select(Task.kind))) == ["sender_stopped"]
    services.clock.advance(minutes=6)  # type: ignore[attr-defined]
    dispatch(services, wire)
    assert len(wire.sent) == 1


def test_unknown_is_asked_never_sent_blindly(services: Services) -> None:
    wire = Wire(failures=[UnknownOutcome("timeout")])
    message = reply(services)
    dispatch(services, wire)
    assert [row.status for row in rows(services.engine)] == ["unknown"]
    assert dispatch(services, wire) == 0
    assert resolve_unknown(services, wire) == 0  # the list may lag: it waits
    wire.listed = [Listed("SMfound", "Hola", "sent", None)]
    assert resolve_unknown(services, wire) == 1
    assert [(row.id, row.status, row.provider_sid) for row in rows(services.engine)] == [(message, "sent", "SMfound")]
    assert wire.sent == []


def test_unknown_that_was_never_taken_is_sent_after_a_minute(services: Services) -> None:
    wire = Wire(failures=[UnknownOutcome("timeout")])
    message = reply(services)
    dispatch(services, wire)
    with writing(services.engine) as connection:
        connection.execute(update(Message).where(Message.id == message).values(claimed_at=system_now() - timedelta(seconds=61)))
    assert resolve_unknown(services, wire) == 1
    dispatch(services, wire)
    assert len(wire.sent) == 1


def test_several_that_match_are_a_persons_task(services: Services) -> None:
    wire = Wire(failures=[UnknownOutcome("timeout")], listed=[Listed("SMa", "Hola", "sent", None), Listed("SMb", "Hola", "sent", None)])
    reply(services)
    dispatch(services, wire)
    resolve_unknown(services, wire)
    with reading(services.engine) as connection:
        assert "unknown_message" in set(connection.scalars(select(Task.kind)))


def test_a_sid_that_another_row_owns_is_no_match(services: Services) -> None:
    wire = Wire(failures=[UnknownOutcome("timeout")], listed=[Listed("SMx", "Hola", "sent", None)])
    reply(services, status="sent", provider_sid="SMx", account_sid="AC")
    reply(services)
    dispatch(services, wire)
    assert resolve_unknown(services, wire) == 0


def test_a_claim_left_by_a_killed_process_is_taken_up(services: Services) -> None:
    wire = Wire(listed=[Listed("SMfound", "Hola", "sent", None)])
    message = reply(services, status="sending", claimed_at=system_now() - timedelta(seconds=11), claimed_by="dead:1")
    assert resolve_unknown(services, wire) == 1
    assert [(row.id, row.status) for row in rows(services.engine)] == [(message, "sent")]


def test_two_dispatchers_send_nothing_twice(services: Services) -> None:
    import threading

    wire = Wire()
    plan(services)
    take_events(services)
    threads = [threading.Thread(target=dispatch, args=(services, wire)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    dispatch(services, wire)
    assert sorted(sent.address for sent in wire.sent) == sorted({sent.address for sent in wire.sent})
    assert len(wire.sent) == 3
