"""A template that WhatsApp refuses stops the steps that open with it: on WhatsApp alone, until words are
approved again.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.channels.twilio.templates import template_hash
from bot.conversation import take_events
from bot.outreach import add_sms_addresses, dispatch, explain, plan, preview, read_strategy
from bot.outreach.planning.strategy import DEFAULT
from bot.revisions.strategy import counts
from bot.services import Services
from bot.wording import templates
from models import Borrower, ContactPoint, Conversation, Event, Message, Task, Template, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.outbox import FakeTwilio
from tests.services import make_test_services

TODAY = date(2026, 11, 24)
REMINDER, FIRST = "acuerdo_reminder_due_kind_debit", "acuerdo_identity_opening"


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    """Of four people three owe today, of whom the first proved who they are and the third reads English.
    WhatsApp's window is closed for all, and every template approved.
    """
    services = make_test_services(engine, now, sms_from="26262")
    rows = [
        {
            "hash": template_hash(each),
            "name": each.name,
            "language": each.language,
            "content_sid": f"HX{number}",
            "status": "approved",
            "category": "UTILITY",
            "created_at": now,
        }
        for number, each in enumerate(templates(services.wording))
    ]
    with write_tx(engine) as connection:
        for number, due in enumerate((TODAY, TODAY, TODAY, date(2026, 11, 27)), 1):
            person, thread = add_borrower(connection, number, language="en" if number == 3 else "es_MX")
            add_loan(connection, person, number, instalments=[(due, {"principal": 50_000})])
            if number in (1, 4):
                mine = update(ContactPoint).where(ContactPoint.borrower_id == person)
                connection.execute(mine.values(status="confirmed", confirmed_at=now))
                here = update(Conversation).where(Conversation.id == thread)
                connection.execute(here.values(borrower_id=person))
        connection.execute(insert(Template), rows)
    services.lender.policy.__dict__["next_channel"] = {}
    return services


def decide(services: Services, name: str, language: str = "es_MX", **values: Any) -> None:
    mine = update(Template).where(Template.name == name, Template.language == language)
    with write_tx(services.engine) as connection:
        assert connection.execute(mine.values(**values)).rowcount == 1


def planned(services: Services) -> Iterator[tuple[str, str]]:
    """Borrower and channel."""
    by = (
        select(Borrower.external_id, ContactPoint.channel)
        .join(ContactPoint, ContactPoint.borrower_id == Borrower.id)
        .join(Event, Event.contact_point_id == ContactPoint.id)
    )
    plan(services)
    with read_tx(services.engine) as connection:
        yield from ((row[0], row[1]) for row in connection.execute(by.order_by(Borrower.id)))


def tasks(services: Services) -> list[tuple[str, dict[str, Any], bool]]:
    with read_tx(services.engine) as connection:
        found = connection.execute(select(Task.kind, Task.data, Task.done_at).order_by(Task.id))
        return [(kind, data, done is not None) for kind, data, done in found]


@pytest.mark.parametrize("decision", [{"status": "deleted"}, {"category": "MARKETING"}])
def test_a_refused_template_stops_its_step_in_its_language_and_nothing_else(
    services: Services, decision: dict[str, str]
) -> None:
    decide(services, REMINDER, **decision)
    found = preview(services, read_strategy(DEFAULT)[0], TODAY)
    assert {(each.step, each.language, each.template) for each in found.stopped} == {
        ("due", "es_MX", REMINDER)
    }
    assert {each.step: each.borrowers for each in found.counts} == {"before": 1, "due": 1}
    shown = [line for line in counts(services, "default", DEFAULT.read_text()) if REMINDER in str(line.then)]
    assert [line.about for line in shown] == ["due · whatsapp · es_MX"]
    why, others = explain(services, "B1"), explain(services, "B3")
    assert why.stopped is not None
    assert (why.stopped.step, why.next and why.next.step) == ("due", "late-3")
    assert (others.stopped, others.next and others.next.step) == (None, "due")
    assert list(planned(services)) == [("B3", "whatsapp"), ("B4", "whatsapp")]
    for _ in range(2):
        plan(services)
    ((kind, data, done),) = tasks(services)
    assert (kind, data["step"], data["owner"], done) == ("step_stopped", "due", "collections", False)
    assert data["templates"][0].startswith(f"{REMINDER} (es_MX): ")
    decide(services, REMINDER, status="approved", category="UTILITY")
    assert [name for name, _ in planned(services)] == ["B1", "B2", "B3", "B4"]
    assert [done for _, _, done in tasks(services)] == [True]
    decide(services, REMINDER, status="rejected")
    services.clock.advance(minutes=5)  # type: ignore[attr-defined]
    plan(services)
    assert [done for _, _, done in tasks(services)] == [True, False]


def test_the_first_words_keep_those_alone_who_have_not_proved_who_they_are(services: Services) -> None:
    decide(services, FIRST, status="rejected")
    assert list(planned(services)) == [("B1", "whatsapp"), ("B3", "whatsapp"), ("B4", "whatsapp")]
    assert tasks(services) == []  # it is the template's own


def test_a_stopped_step_goes_by_the_channel_that_comes_next(services: Services) -> None:
    services.lender.policy.__dict__["next_channel"] = {"whatsapp": ("sms",)}
    assert add_sms_addresses(services) == 0
    decide(services, REMINDER, status="rejected")
    assert add_sms_addresses(services) == 4
    found = dict(planned(services))
    assert (found["B1"], found["B2"], found["B3"], found["B4"]) == ("sms", "sms", "whatsapp", "whatsapp")


@pytest.mark.parametrize("other", [(), ("sms",)])
def test_what_was_planned_before_waits_or_goes_another_way(
    services: Services, other: tuple[str, ...]
) -> None:
    services.lender.policy.__dict__["next_channel"] = {"whatsapp": other}
    plan(services)
    decide(services, REMINDER, status="rejected")
    transport = FakeTwilio()
    while take_events(services):
        pass
    while dispatch(services, transport):
        pass
    mine = select(Message.status, Message.reason, Message.channel).where(Message.borrower_id == 1)
    with read_tx(services.engine) as connection:
        found = [tuple(row) for row in connection.execute(mine.order_by(Message.id))]
    if other:
        assert found == [("suppressed", "TEMPLATE", "whatsapp"), ("sent", None, "sms")]
        return
    assert found == [("queued", "TEMPLATE", "whatsapp")]
    decide(services, REMINDER, status="approved")
    services.clock.advance(minutes=5)  # type: ignore[attr-defined]
    while dispatch(services, transport):
        pass
    with read_tx(services.engine) as connection:
        assert connection.execute(mine).one().status == "sent"
    assert [kind for kind, _, _ in tasks(services)] == []
