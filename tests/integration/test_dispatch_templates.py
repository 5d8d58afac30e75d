"""What leaves outside the window of a conversation: templates alone, waited for where none is approved."""

from datetime import datetime

from sqlalchemy import insert, select

from bot.channels.twilio.templates import template_hash
from bot.wording import templates
from models import (
    Borrower,
    Conversation,
    Template,
    read_tx,
    write_tx,
)
from tests.outbox import OPENING, Outbox


def test_outside_the_window_only_a_template_leaves(outbox: Outbox, now: datetime) -> None:
    outbox.services.lender.policy.__dict__["next_channel"] = {}
    outbox.advance(hours=22, minutes=59)
    answer = outbox.queue()
    outbox.run()
    assert (outbox.row(answer).status, outbox.row(answer).reason) == ("failed", "no_template")
    agents = outbox.queue(author="agent", wording=None, body="¿Sigue ahí?")
    outbox.run()
    assert outbox.row(agents).reason == "no_template"
    wanted = next(
        t for t in templates(outbox.services.wording) if (t.key, t.language) == ("identity.opening", "es_MX")
    )
    row = {
        "hash": template_hash(wanted),
        "name": "acuerdo_identity_opening",
        "language": "es_MX",
        "content_sid": "HX1",
        "status": "approved",
        "created_at": now,
    }
    with write_tx(outbox.services.engine) as connection:
        connection.execute(insert(Template).values(**row, category="MARKETING"))
    wrong = outbox.queue(OPENING)
    outbox.run()
    assert (outbox.row(wrong).status, outbox.row(wrong).reason) == ("queued", "TEMPLATE")
    outbox.set(Template, category="UTILITY")
    opening = outbox.queue(OPENING)
    outbox.run()
    (sent,) = outbox.twilio.sent
    assert (sent.template, sent.variables, outbox.row(opening).template) == (
        "HX1",
        ("Jacaranda", "Ana"),
        "HX1",
    )


def test_a_contact_waits_for_its_template_and_leaves_once_it_is_approved(outbox: Outbox) -> None:
    outbox.set(Conversation, last_in_at=None)
    outbox.add_template()
    message = outbox.queue(OPENING)
    outbox.run()
    row = outbox.row(message)
    assert (row.status, row.reason, outbox.tasks()) == ("queued", "TEMPLATE", ["not_sent"])
    outbox.set(Template, status="approved", category="UTILITY")
    outbox.advance(minutes=5)
    outbox.run()
    assert outbox.row(message).status == "sent"


def test_a_template_is_waited_for_inside_the_window_alone_and_the_notice_was_not_given(
    outbox: Outbox,
) -> None:
    outbox.set(Conversation, last_in_at=None)
    now = outbox.services.clock.now()
    outbox.set(Borrower, notice_given_at=now)
    message = outbox.queue(OPENING, purpose="notice")
    outbox.run()
    assert outbox.row(message).status == "queued"
    outbox.advance(days=3)
    outbox.run()
    assert outbox.row(message).status == "failed"
    with read_tx(outbox.services.engine) as connection:
        assert connection.scalar(select(Borrower.notice_given_at)) is None
