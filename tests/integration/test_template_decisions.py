"""What WhatsApp decides about a template later: its words wait until it is approved, and a task says so."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import select

from bot.channels import PermanentFailure
from bot.channels.twilio.approval import keep, missing, push, statuses
from bot.channels.twilio.client import TwilioTransport
from bot.channels.twilio.templates import template_hash
from bot.outreach import dispatch
from bot.wording import templates
from models import Conversation, Task, Template, read_tx, write_tx
from tests.loans import add_borrower
from tests.outbox import OPENING, Outbox

FIVE = timedelta(minutes=5)


class Deciding:
    def __init__(self, decision: Mapping[str, Any]) -> None:
        self._decision = decision

    def approval(self, content_sid: str) -> Mapping[str, Any]:
        assert content_sid == "HX1"
        if not self._decision:
            raise PermanentFailure("20404", "stop_sender")
        return self._decision


@pytest.mark.parametrize(
    "decision",
    [
        {"status": "rejected", "category": "UTILITY", "rejection_reason": "threatening"},
        {"status": "approved", "category": "MARKETING"},
        {},
    ],
)
def test_what_has_a_template_that_is_refused_moved_or_deleted_waits_and_is_shown_once(
    outbox: Outbox, decision: dict[str, str]
) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.services.lender.policy.__dict__["next_channel"] = {}
    outbox.add_template(status="approved", category="UTILITY")
    for _ in range(2):
        list(statuses(outbox.services, cast("TwilioTransport", Deciding(decision))))
    assert outbox.tasks() == ["template_refused"]
    message = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).reason, outbox.twilio.sent) == (
        "queued",
        "TEMPLATE",
        [],
    )
    assert outbox.tasks() == ["template_refused"]
    to_push = {(each.name, each.language) for each, _, _ in missing(outbox.services)}
    assert (("acuerdo_identity_opening", "es_MX") in to_push) == (not decision)
    approved = {"status": "approved", "category": "UTILITY"}
    list(statuses(outbox.services, cast("TwilioTransport", Deciding(approved))))
    outbox.advance(minutes=5)
    outbox.run()
    assert outbox.row(message).status == "sent"
    list(statuses(outbox.services, cast("TwilioTransport", Deciding(decision))))
    with read_tx(outbox.services.engine) as connection:
        first, again = connection.execute(select(Task.done_at, Task.created_at).order_by(Task.id)).all()
        decided_at = connection.scalar(select(Template.checked_at))
    assert (first.done_at, again.done_at, again.created_at) == (again.created_at - FIVE, None, decided_at)


def test_what_is_refused_when_it_is_sent_waits_like_what_was_refused_before(outbox: Outbox) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.services.lender.policy.__dict__["next_channel"] = {}
    outbox.add_template(status="approved", category="UTILITY")
    outbox.twilio.answers = [PermanentFailure("63013", "template_bug")]
    message = outbox.queue(OPENING)
    outbox.run()
    outbox.advance(minutes=5)
    outbox.run()
    assert (outbox.row(message).status, outbox.row(message).reason) == ("queued", "TEMPLATE")
    outbox.set(Template, status="approved")
    outbox.advance(minutes=5)
    outbox.run()
    assert outbox.row(message).status == "sent"


def test_approval_that_is_withdrawn_in_the_middle_holds_the_rest_back_until_it_is_given_again(
    outbox: Outbox,
) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template(status="approved", category="UTILITY")
    with write_tx(outbox.services.engine) as connection:
        person, thread = add_borrower(connection, 2)
    other = {"conversation_id": thread, "borrower_id": person, "loan_id": None}
    first, second = outbox.queue(OPENING), outbox.queue(OPENING, **other, address="whatsapp:+525500000002")
    assert dispatch(outbox.services, outbox.twilio, batch=1) == 1
    paused = cast("TwilioTransport", Deciding({"status": "paused", "category": "UTILITY"}))
    list(statuses(outbox.services, paused))
    outbox.run()
    assert [outbox.row(each).status for each in (first, second)] == ["sent", "queued"]
    assert (outbox.row(second).reason, outbox.tasks()) == ("TEMPLATE", ["not_sent"])
    approved = {"status": "approved", "category": "UTILITY"}
    list(statuses(outbox.services, cast("TwilioTransport", Deciding(approved))))
    outbox.advance(minutes=5)
    outbox.run()
    assert outbox.row(second).status == "sent"


def test_what_was_deleted_and_is_pushed_again_leaves_by_the_new_one_and_the_old_one_stays_known(
    outbox: Outbox,
) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.services.lender.policy.__dict__["next_channel"] = {}
    outbox.add_template(status="approved", category="UTILITY")
    list(statuses(outbox.services, cast("TwilioTransport", Deciding({}))))
    message = outbox.queue(OPENING)
    outbox.run()
    (again,) = [
        (wanted, key)
        for wanted, _, key in missing(outbox.services)
        if (wanted.name, wanted.language) == ("acuerdo_identity_opening", "es_MX")
    ]
    keep(outbox.services, *again, "HX2", "approved")
    outbox.advance(minutes=5)
    outbox.run()
    assert (outbox.row(message).status, outbox.twilio.sent[0].template) == ("sent", "HX2")
    with read_tx(outbox.services.engine) as connection:
        known = select(Template.content_sid, Template.name, Template.status).order_by(Template.content_sid)
        found = [tuple(row) for row in connection.execute(known)]
    assert found == [("HX1", None, "deleted"), ("HX2", "acuerdo_identity_opening", "approved")]


def test_words_that_are_in_force_again_leave_by_the_template_that_they_had(outbox: Outbox) -> None:
    """As after a change that was taken back: WhatsApp would refuse its name a second time."""
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template(status="approved", category="UTILITY")
    (wanted,) = [
        each
        for each in templates(outbox.services.wording)
        if (each.name, each.language) == ("acuerdo_identity_opening", "es_MX")
    ]
    reworded = replace(wanted, body=f"{wanted.body} Gracias.")
    keep(outbox.services, reworded, template_hash(reworded), "HX2", "pending")
    assert wanted not in [each for each, _, _ in missing(outbox.services)]
    message = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(message).status, outbox.twilio.sent[0].template) == ("sent", "HX1")
    with read_tx(outbox.services.engine) as connection:
        known = select(Template.content_sid, Template.name).order_by(Template.content_sid)
        assert connection.execute(known).all() == [("HX1", "acuerdo_identity_opening"), ("HX2", None)]


def test_what_was_deleted_is_submitted_again_under_another_name(outbox: Outbox) -> None:
    """WhatsApp bars the name of a deleted template for thirty days."""
    outbox.add_template(status="approved", category="UTILITY")
    list(statuses(outbox.services, cast("TwilioTransport", Deciding({}))))
    twilio = Submitting()
    push(outbox.services, cast("TwilioTransport", twilio))
    again = [name for name in twilio.names if re.search(r"_[0-9a-f]{6}_r\d{6}$", name)]
    assert [name[:24] for name in again] == ["acuerdo_identity_opening"]


class Submitting:
    def __init__(self) -> None:
        self.names: list[str] = []

    def create_content(self, name: str, language: str, *_: object) -> str:
        return f"HX{name}{language}"

    def submit(self, sid: str, name: str, category: str) -> str:
        self.names.append(name)
        return "received"
