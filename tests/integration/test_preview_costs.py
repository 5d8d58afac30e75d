"""What a preview counts and what it would cost: nothing of it is planned."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.compliance import load_rules
from bot.outreach import plan, preview, read_strategy
from bot.outreach.planning.arms import arms
from bot.outreach.planning.candidates import stages
from bot.outreach.planning.nobody import Nobody
from bot.outreach.planning.starts import start_of
from bot.outreach.planning.strategy import DEFAULT, Strategy
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, Event, Loan, Template, read_tx, write_tx
from tests.integration.test_planner import STEP
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


SEGMENT = "[steps.segment]\n"


@pytest.mark.parametrize(
    ("extra", "stage", "left"),
    [
        (SEGMENT + 'products = ["auto"]', "steps.more.segment.products", 1),
        (
            SEGMENT + 'owed_from_pesos = "900"',
            "steps.more.segment.owed_from_pesos",
            1,
        ),
        ('counts_from = "broken_promise"', "days", 1),
        ('counts_from = "month"', "days", 1),
        ('channels = ["email"]', "address", 1),
        ("", "", 0),
    ],
)
def test_a_step_that_reaches_nobody_says_what_nobody_passed(
    services: Services, extra: str, stage: str, left: int
) -> None:
    strategy = Strategy.parse('name = "s"\n' + STEP.format(extra=extra))
    found = preview(services, strategy, TODAY)
    assert [(each.step, each.stage, each.left) for each in found.nobody] == (
        [("more", stage, left)] if stage else []
    )
    assert bool(found.counts) == (not stage)


def test_what_keeps_each_borrower_from_a_step_is_named(services: Services) -> None:
    strategy = Strategy.parse('name = "s"\n' + STEP.format(extra=""))
    ended = strategy.model_copy(update={"ends": date(2026, 11, 1)})
    assert [each.stage for each in preview(services, ended, TODAY).nobody] == ["not_running"]
    for record, values, undone, stage in (
        (Conversation, {"handler": "agent"}, {"handler": "bot"}, "by_person"),
        (Borrower, {"opted_out_at": services.clock.now()}, {"opted_out_at": None}, "opted_out"),
        (Loan, {"outstanding_centavos": 0}, {"outstanding_centavos": 50_000}, "owed"),
    ):
        change(services, record, **values)
        (why,) = preview(services, strategy, TODAY).nobody
        assert (why.stage, why.left) == (stage, 1)
        change(services, record, **undone)
    now, rules = services.clock.now(), load_rules("MX")
    (step,) = strategy.steps
    asked = stages(next(arms(step, strategy)), strategy, start_of(step, now, TODAY, TODAY), now, TODAY, rules)
    for stage in ("filter", *asked):
        words = services.wording.text(f"faults.nobody_{stage}", {"left": 1}, "es_MX")
        assert words != Nobody("more", "", stage, 1).fault


def test_a_preview_prices_an_sms_by_its_segments(services: Services) -> None:
    change(services, ContactPoint, channel="sms")
    of_it, of_another = ("identity.opening",), ("reminder.late",)
    for accents, unaccented, segments in (("kept", of_another, 2), ("kept", of_it, 1), ("dropped", (), 1)):
        services.lender.policy.__dict__ |= {"sms_accents": accents, "sms_unaccented": unaccented}
        found = preview(services, read_strategy(DEFAULT)[0], TODAY)
        assert [each.segments for each in found.examples] == [segments]
        assert found.usd == segments * Decimal("0.06")
