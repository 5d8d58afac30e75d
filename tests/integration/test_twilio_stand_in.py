"""Messages out and in over real HTTP, through the stand-in: real REST calls, real signatures, real
receipts.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from sqlalchemy import Engine, delete, insert, select

from bot.channels import Choice, Outgoing, TransientFailure
from bot.channels.twilio import delete_contents, fetch_media
from bot.channels.twilio.approval import push, statuses, sync
from bot.outreach import find_missed, resolve_unknown
from bot.simulator.database import content, simulator_engine
from bot.wording import encode
from flows.types.effects import Say
from models import (
    ContactPoint,
    LedgerEntry,
    Message,
    Task,
    Template,
    TemplateDecision,
    message_file_table,
    read_tx,
    write_tx,
)
from tests.integration.served import World, served
from tests.loans import add_borrower, add_loan
from tests.services import ACCOUNT

PHONE = "+525500000001"


@pytest.fixture
def world(engine: Engine, now: datetime, tmp_path: Path) -> Iterator[World]:
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection, 1, birth_date=datetime(1990, 3, 15).date())
        add_loan(connection, borrower)
    with served(engine, now, tmp_path) as world:
        yield world


def queue(world: World, phone: str = PHONE, number: int = 2, purpose: str = "contact", **more: object) -> int:
    """A contact of ours to a borrower of their own."""
    with write_tx(world.services.engine) as connection:
        borrower, conversation = add_borrower(connection, number, key=phone)
        loan = add_loan(connection, borrower, number)
        say = Say((("identity.opening", {"name": "Ana", "lender": "Jacaranda"}),), purpose="contact")
        row = {
            "conversation_id": conversation,
            "borrower_id": borrower,
            "loan_id": loan,
            "direction": "out",
            "author": "bot",
            "channel": "whatsapp",
            "address": f"whatsapp:{phone}",
            "status": "queued",
            "wording": encode(say),
            "purpose": purpose,
            "not_before": world.clock.now(),
            "created_at": world.clock.now(),
            **more,
        }
        return connection.execute(insert(Message).values(**row).returning(Message.id)).scalar_one()


def approve(world: World) -> None:
    push(world.services)
    list(statuses(world.services))


def kinds(world: World, number: int = 2) -> list[str]:
    with read_tx(world.services.engine) as connection:
        return list(
            connection.scalars(
                select(LedgerEntry.kind).where(LedgerEntry.kind.like("contact%")).order_by(LedgerEntry.id)
            )
        )


def test_a_borrower_writes_and_is_answered(world: World) -> None:
    world.write(f"whatsapp:{PHONE}", "hola")
    world.deliver()
    assert [row.body for row in world.messages("in")] == ["hola"]
    assert world.dispatch() == 1
    world.deliver()
    (shown,) = world.phone(f"whatsapp:{PHONE}")
    (ours,) = world.messages()
    assert (shown.body, shown.sid, ours.status) == (ours.body, ours.sid, "read")
    assert shown.choices == ours.choices


def test_a_template_opens_a_conversation_and_the_ledger_follows_its_fate(world: World) -> None:
    assert push(world.services) > 10
    assert {state for _, _, state in statuses(world.services)} == {"approved"}
    assert push(world.services) == 0
    with write_tx(world.services.engine) as connection:
        gone = Template.name == "acuerdo_identity_opening"
        decided = select(Template.id).where(gone)
        connection.execute(delete(TemplateDecision).where(TemplateDecision.template_id.in_(decided)))
        connection.execute(delete(Template).where(gone))
    assert sync(world.services) == 2  # in both languages, as another database would
    assert push(world.services) == 0
    list(statuses(world.services))
    queue(world)
    assert world.dispatch() == 1
    world.deliver()
    (shown,) = world.phone(f"whatsapp:{PHONE}")
    assert "Ana" in shown.body
    assert [choice["payload"] for choice in shown.choices] == ["yes", "no"]
    assert kinds(world) == ["contact.sent", "contact.delivered", "contact.read"]


def test_without_a_template_nothing_leaves_and_one_task_says_so(world: World) -> None:
    queue(world)
    queue(world, "+525500000003", 3)
    world.dispatch()
    assert [(row.status, row.reason) for row in world.messages()] == [("queued", "TEMPLATE")] * 2
    assert not world.phone(f"whatsapp:{PHONE}")
    with read_tx(world.services.engine) as connection:
        assert len(connection.execute(select(Task.id).where(Task.kind == "not_sent")).all()) == 1
    assert kinds(world) == []


def test_a_number_that_whatsapp_does_not_know_is_tried_in_its_older_form_and_then_by_sms(
    world: World,
) -> None:
    approve(world)
    queue(world, "+529990063003")
    for _ in range(3):
        world.dispatch()
    world.deliver()
    first, second = world.messages()
    assert (first.address, first.status, first.reason) == ("whatsapp:+5219990063003", "failed", "63003")
    assert (second.channel, second.address, second.status) == ("sms", "+529990063003", "failed")
    with read_tx(world.services.engine) as connection:
        points = connection.execute(
            select(ContactPoint.status, ContactPoint.address).where(ContactPoint.key == "+529990063003")
        ).all()
    assert [tuple(point) for point in points] == [("invalid", "whatsapp:+5219990063003")]


def test_a_failure_that_comes_later_goes_on_as_a_new_message(world: World) -> None:
    approve(world)
    queue(world, "+529990163024")
    for _ in range(4):
        world.dispatch()
        world.deliver()
    assert [(row.channel, row.address[-14:], row.status, row.reason) for row in world.messages()] == [
        ("whatsapp", ":+529990163024", "failed", "63024"),
        ("whatsapp", "+5219990163024", "failed", "63024"),
        ("sms", "+529990163024", "failed", "63024"),
    ]
    assert kinds(world) == ["contact.sent", "contact.failed"] * 3


def test_the_same_words_and_buttons_are_one_content_that_no_database_is_asked_for_again(world: World) -> None:
    two = (Choice(payload="yes", title="Sí"), Choice(payload="no", title="No"))
    ask = Outgoing(1, "whatsapp", f"whatsapp:{PHONE}", "¿Pagas hoy?", "es_MX", choices=two)
    for message in (1, 2):
        world.transport.send(replace(ask, message_id=message))
    first, second = world.phone(f"whatsapp:{PHONE}")
    assert len(first.choices) == 2
    assert second.choices == first.choices
    assert len(contents(world)) == 1


def test_a_content_of_a_week_ago_is_made_anew_and_deleted_a_day_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    two = (Choice(payload="yes", title="Sí"), Choice(payload="no", title="No"))
    ask = Outgoing(1, "whatsapp", f"whatsapp:{PHONE}", "¿Pagas $850.00 hoy?", "es_MX", choices=two)
    world.transport.send(ask)
    (first,) = contents(world)
    world.clock.advance(days=8)
    assert delete_contents(world.services, world.transport) == 0
    world.transport.send(replace(ask, message_id=2))
    assert len(contents(world)) == 2
    world.clock.advance(days=2)
    with monkeypatch.context() as patch:
        patch.setattr(world.transport, "delete_content", Mock(side_effect=TransientFailure("20429")))
        assert delete_contents(world.services, world.transport) == 0
    world.transport.delete_content(first)  # it is gone there, and nobody kept that it is
    assert [delete_contents(world.services, world.transport) for _ in range(2)] == [1, 0]
    (second,) = contents(world)
    with read_tx(world.services.engine) as connection:
        assert connection.scalars(select(Template.content_sid)).all() == [second]


def contents(world: World) -> list[str]:
    """What Twilio keeps."""
    with read_tx(simulator_engine(world.services.settings)) as connection:
        return list(connection.scalars(select(content.c.sid)))


def test_taken_and_answered_with_a_500_is_found_by_asking_and_not_sent_twice(world: World) -> None:
    approve(world)
    queue(world, "+529990200000")
    world.dispatch()
    assert [row.status for row in world.messages()] == ["unknown"]
    assert resolve_unknown(world.services, world.transport) == 1
    (ours,) = world.messages()
    (shown,) = world.phone("whatsapp:+529990200000")
    assert (ours.status, ours.sid) == ("sent", shown.sid)
    assert world.dispatch() == 0


def test_taken_and_answered_with_a_500_is_settled_by_its_callback(world: World) -> None:
    approve(world)
    queue(world, "+529990200000")
    world.dispatch()
    world.deliver()
    assert [row.status for row in world.messages()] == ["read"]
    assert kinds(world) == ["contact.sent", "contact.delivered", "contact.read"]
    assert resolve_unknown(world.services, world.transport) == 0


def test_too_many_requests_is_tried_again_with_growing_pauses(world: World) -> None:
    approve(world)
    queue(world, "+529990400000")
    world.dispatch()
    (row,) = world.messages()
    assert (row.status, row.attempts, row.error_code) == ("queued", 1, "20429")
    assert world.dispatch() == 0
    world.clock.advance(seconds=1)
    assert world.dispatch() == 1
    (row,) = world.messages()
    assert (row.not_before - world.clock.now()).total_seconds() == 2


def test_a_message_that_never_arrived_is_found_and_answered_once(world: World) -> None:
    world.write(f"whatsapp:{PHONE}", "hola")
    world.write(f"whatsapp:{PHONE}", "", media="image/jpeg")
    assert find_missed(world.services, world.transport) == 2
    assert find_missed(world.services, world.transport) == 0
    world.deliver()
    first, second = world.messages("in")
    assert first.body == "hola"
    assert second.media[0]["content_type"] == "image/jpeg"
    assert fetch_media(world.services) == 1
    assert fetch_media(world.services) == 0, "fetched once"
    with read_tx(world.services.engine) as connection:
        kept = connection.execute(select(message_file_table)).one()
    assert (kept.message_id, kept.content_type) == (second.id, "image/jpeg")
    assert kept.content.startswith(b"\xff\xd8\xff")


def test_wrong_credentials_stop_the_channel_and_tell_a_person(
    engine: Engine, now: datetime, tmp_path: Path
) -> None:
    with served(engine, now, tmp_path) as world:
        approve(world)
        queue(world, PHONE)
        queue(world, "+525500000003", 3)
        world.transport.client.auth = (ACCOUNT, "wrong")
        world.dispatch()
        assert {row.status for row in world.messages()} == {"queued"}
        assert world.dispatch() == 0
        with read_tx(engine) as connection:
            assert connection.scalars(select(Task.kind)).all() == ["sender_stopped"]
