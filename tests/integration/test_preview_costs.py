"""What a preview counts and what it would cost: nothing of it is planned."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.outreach import plan, preview, read_strategy
from bot.outreach.planning.strategy import DEFAULT
from bot.services import Services
from models import ContactPoint, Conversation, Event, Template, read_tx, write_tx
from tests.loans import add_borrower, add_loan
from tests.services import approve_templates, make_test_services

TODAY = date(2026, 11, 24)


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    """One borrower whose instalment is due today."""
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        add_loan(connection, borrower, instalments=[(TODAY, {"principal": 50_000})])
    return make_test_services(engine, now)


def change(services: Services, record: Any, **values: Any) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(update(record).values(**values))


def test_a_preview_counts_prices_and_shows_the_words(services: Services) -> None:
    found = preview(services, read_strategy(DEFAULT)[0], TODAY)
    (count,) = found.counts
    assert (count.step, count.channel, count.category, count.borrowers) == ("due", "whatsapp", "utility", 1)
    assert found.usd == Decimal("0.0135")
    (example,) = found.examples
    assert (example.borrower, example.loan, example.step) == ("B1", "L1", "due")
    assert "Jacaranda" in example.text
    with read_tx(services.engine) as connection:
        assert connection.execute(select(Event)).all() == []
    with write_tx(services.engine) as connection:
        approve_templates(connection, services)
    change(services, Template, category="MARKETING")
    moved = preview(services, read_strategy(DEFAULT)[0], TODAY)
    assert (moved.counts, {each.status for each in moved.stopped}) == ((), {"approved, MARKETING"})
    change(services, Template, category="UTILITY")
    change(services, Conversation, last_in_at=services.clock.now() - timedelta(hours=3))
    assert [c.category for c in preview(services, read_strategy(DEFAULT)[0], TODAY).counts] == ["service"]
    assert plan(services) == 1


def test_a_preview_prices_an_sms_by_its_segments(services: Services) -> None:
    change(services, ContactPoint, channel="sms")
    of_it, of_another = ("identity.opening",), ("reminder.late",)
    for accents, unaccented, segments in (("kept", of_another, 2), ("kept", of_it, 1), ("dropped", (), 1)):
        services.lender.policy.__dict__ |= {"sms_accents": accents, "sms_unaccented": unaccented}
        found = preview(services, read_strategy(DEFAULT)[0], TODAY)
        assert [each.segments for each in found.examples] == [segments]
        assert found.usd == segments * Decimal("0.06")
