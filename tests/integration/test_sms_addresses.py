"""By which addresses people are reached: SMS at the number that the tape gave, and a lender that may not use
WhatsApp.
"""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine, delete, select, update

from bot.compliance import Never
from bot.conversation import take_events
from bot.outreach import (
    NothingToSay,
    Strategy,
    activate,
    add_sms_addresses,
    dispatch,
    plan,
    preview,
    read_strategy,
)
from bot.outreach.planning.strategy import DEFAULT
from bot.services import Services
from models import Borrower, ContactPoint, Event, Message, read_tx, write_tx
from models.base import AnyRow
from tests.loans import add_borrower, add_loan
from tests.outbox import FakeTwilio, ask_outreach
from tests.services import make_test_services

TODAY = date(2026, 11, 24)
BY_SMS = """
name = "default"
[[steps]]
name = "due"
day = 0
until = 0
flow = "reminder"
tone = "kind"
channels = ["sms"]
"""


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    """Three people, each with an instalment that is due today and an address on WhatsApp."""
    with write_tx(engine) as connection:
        for number in (1, 2, 3):
            person, _ = add_borrower(connection, number)
            add_loan(connection, person, number, instalments=[(TODAY, {"principal": 50_000})])
    return make_test_services(engine, now)


def by_sms(services: Services) -> list[AnyRow]:
    with read_tx(services.engine) as connection:
        found = select(ContactPoint.__table__).where(ContactPoint.channel == "sms")
        return list(connection.execute(found.order_by(ContactPoint.borrower_id)))


def test_who_asked_for_sms_or_is_unknown_to_whatsapp_gets_an_address_of_that_kind(services: Services) -> None:
    services.settings.sms_from = ""
    assert add_sms_addresses(services) == 0
    services.settings.sms_from = "26262"
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).where(Borrower.id == 1).values(preferred_channel="sms"))
        connection.execute(update(ContactPoint).where(ContactPoint.id == 2).values(status="invalid"))
    assert (add_sms_addresses(services), add_sms_addresses(services)) == (2, 0)
    ours, whatsapp = by_sms(services), "whatsapp:"
    with read_tx(services.engine) as connection:
        theirs = connection.execute(select(ContactPoint.__table__).where(ContactPoint.id.in_((1, 2)))).all()
    assert [(row.borrower_id, row.conversation_id, row.address) for row in ours] == [
        (row.borrower_id, row.conversation_id, row.address.removeprefix(whatsapp)) for row in theirs
    ]
    assert plan(services) == 3
    with read_tx(services.engine) as connection:
        planned = select(ContactPoint.channel).join(Event, Event.contact_point_id == ContactPoint.id)
        assert list(connection.scalars(planned.order_by(ContactPoint.borrower_id))) == [
            "sms",
            "sms",
            "whatsapp",
        ]


def test_who_asked_for_sms_is_written_to_by_sms_from_the_first_request(services: Services) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(update(Borrower).where(Borrower.id == 1).values(preferred_channel="sms"))
    for borrower in ("B1", "B2"):
        ask_outreach(services, borrower)
    with read_tx(services.engine) as connection:
        asked = select(ContactPoint.channel).join(Event, Event.contact_point_id == ContactPoint.id)
        assert list(connection.scalars(asked.order_by(ContactPoint.borrower_id))) == ["sms", "whatsapp"]
    assert len(by_sms(services)) == 1


def test_a_step_by_sms_reaches_everybody_but_at_a_number_that_is_somebody_elses(services: Services) -> None:
    both = BY_SMS.replace('["sms"]', '["email", "sms", "whatsapp"]')
    with write_tx(services.engine) as connection:  # its number is hidden
        connection.execute(update(ContactPoint).where(ContactPoint.id == 1).values(key="MX.1"))
    found = [preview(services, Strategy.parse(each), TODAY) for each in (BY_SMS, both)]
    counts = [[(each.channel, each.borrowers) for each in one.counts] for one in found]
    assert counts == [[("sms", 2)], [("sms", 2), ("whatsapp", 1)]]
    assert {each.segments for each in found[0].examples} == {2}
    with write_tx(services.engine) as connection:
        connection.execute(update(ContactPoint).where(ContactPoint.id == 1).values(key="+525500000001"))
    activate(services, Strategy.parse(BY_SMS), BY_SMS, by="test", why="")
    assert plan(services) == 0
    with write_tx(services.engine) as connection:
        connection.execute(update(ContactPoint).where(ContactPoint.id == 3).values(status="closed"))
    assert add_sms_addresses(services) == 2
    assert plan(services) == 2


def test_who_collects_for_others_writes_by_sms_or_to_nobody(services: Services) -> None:
    services.lender.lender.__dict__["sender_role"] = "third_party"
    assert plan(services) == 0
    sender, services.settings.sms_from = services.settings.sms_from, ""
    with pytest.raises(NothingToSay):
        ask_outreach(services, "B1")
    services.settings.sms_from = sender
    assert add_sms_addresses(services) == 3
    found = preview(services, read_strategy(DEFAULT)[0], TODAY)
    assert [(each.channel, each.borrowers) for each in found.counts] == [("sms", 3)]
    assert plan(services) == 3
    assert not isinstance(ask_outreach(services, "B2"), Never)
    transport = FakeTwilio()
    while take_events(services):
        pass
    while dispatch(services, transport):
        pass
    assert {each.channel for each in transport.sent} == {"sms"}
    assert len(transport.sent) == 3


def test_what_was_planned_for_whatsapp_goes_by_sms_once_it_may_not(services: Services) -> None:
    assert plan(services) == 3
    services.lender.lender.__dict__["sender_role"] = "third_party"
    with write_tx(services.engine) as connection:
        connection.execute(delete(Event).where(Event.id > 1))
    transport = FakeTwilio()
    while take_events(services):
        pass
    while dispatch(services, transport):
        pass
    with read_tx(services.engine) as connection:
        query = select(Message.channel, Message.status, Message.reason).order_by(Message.id)
        rows = connection.execute(query).all()
    assert rows == [("whatsapp", "suppressed", "THIRD-PARTY"), ("sms", "sent", None)]
    assert [(each.channel, each.address) for each in transport.sent] == [("sms", by_phone(services))]


def by_phone(services: Services) -> str:
    with read_tx(services.engine) as connection:
        return str(connection.scalar(select(ContactPoint.key).where(ContactPoint.borrower_id == 1)))
