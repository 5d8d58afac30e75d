"""Variants, those who are held out, budgets and alarms, planned and judged against the database."""

import csv
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, Engine, func, insert, select, update

from bot.console.access import accounts
from bot.outreach import (
    Result,
    Strategy,
    activate,
    compared,
    plan,
    preview,
    results,
    watch_senders,
    watch_strategies,
)
from bot.outreach.planning.arms import CHAMPION, HELD_OUT
from bot.outreach.planning.intervals import Share
from bot.services import Services
from models import DeliveryAttempt, Event, Message, Task, Template, read_tx, sender_table, write_tx
from models.ledger import NewEntry, append
from tests.desk import PASSWORD, Desk
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services

TODAY = date(2026, 11, 24)
PEOPLE = 150
TRIED = """
name = "default"
owner = "laura"
[alarm]
people_from = 20
paid_percent_from = 90
[[steps]]
name = "due"
day = 0
until = 0
flow = "reminder"
tone = "kind"
[[steps.variants]]
name = "firm"
percent = 50
tone = "firm"
"""


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    services = make_test_services(engine, now)
    services.lender.policy.__dict__["held_out_percent"] = 20
    with write_tx(engine) as connection:
        for number in range(1, PEOPLE + 1):
            person, _ = add_borrower(connection, number)
            add_loan(connection, person, number, instalments=[(TODAY, {"principal": 50_000})])
    activate(services, Strategy.parse(TRIED), TRIED, by="laura", why="a firmer tone")
    return services


def test_a_challenger_that_hurts_stops_itself_and_results_compare(services: Services) -> None:
    shown = {
        count.variant: count.borrowers for count in preview(services, Strategy.parse(TRIED), TODAY).counts
    }
    planned = plan(services)
    assert plan(services) == 0
    with read_tx(services.engine) as connection:
        kinds = dict(connection.execute(select(Event.kind, func.count()).group_by(Event.kind)).all())
        variant = Event.data["variant"].as_string()
        loans = dict[str, list[int]]()
        for name, loan in connection.execute(select(variant, Event.loan_id).order_by(Event.id)):
            loans.setdefault(name, []).append(loan)
        waiting = connection.scalar(
            select(func.count()).where(Event.kind == "held_out", Event.done_at.is_(None))
        )
    assert kinds == {"outreach": planned, "held_out": PEOPLE - planned}
    assert {name: len(found) for name, found in loans.items()} == shown
    assert (sorted(loans), waiting) == ([CHAMPION, "firm", HELD_OUT], 0)
    now = services.clock.now() + timedelta(hours=1)
    with write_tx(services.engine) as connection:
        for loan in loans["firm"][:12]:
            append(connection, loan, now, NewEntry("optout.recorded", {}, "borrower:1"))
        for loan in loans[CHAMPION][:40]:
            paid = NewEntry("payment.posted", {"amount": 25_000}, "lender:1")
            append(connection, loan, now, NewEntry("promise.made", {}, "borrower:1"), paid)
        send(connection, loans[CHAMPION][:4], now)
    assert (watch_strategies(services), watch_strategies(services)) == (1, 0)
    with read_tx(services.engine) as connection:
        tasks: dict[str, Any] = dict(connection.execute(select(Task.kind, Task.data)).all())
        found = results(
            connection,
            "default",
            TODAY,
            TODAY,
            zone=ZoneInfo("America/Mexico_City"),
            prices=services.lender.prices,
        )
    assert sorted(tasks) == ["challenger_stopped", "strategy_alarm"]
    assert tasks["challenger_stopped"]["variant"] == "firm"
    better = {(a.variant, b.variant): a.against(b)[0] > 0 for a, b in compared(found, found)}
    assert better == {("firm", CHAMPION): False, (CHAMPION, HELD_OUT): True, ("firm", HELD_OUT): False}
    assert {each.variant: each.harmed.hits for each in found} == {CHAMPION: 0, "firm": 12, HELD_OUT: 0}
    champion = next(each for each in found if each.variant == CHAMPION)
    assert (champion.agreed, champion.recovered_centavos) == (40, 1_000_000)
    assert champion.usd == 2 * Decimal("0.0135") + Decimal("0.0355") + 3 * Decimal("0.06")
    assert champion.usd_per_agreement == champion.usd / 40
    assert champion.usd_per_thousand_pesos == champion.usd / 10
    desk = the_page_shows(services, loans)
    with write_tx(services.engine) as connection:  # the next version begins where nobody was planned yet
        connection.execute(update(Event).values(key="old:" + Event.key, done_at=now))
    assert plan(services) == planned
    with read_tx(services.engine) as connection:
        again = select(variant).where(Event.kind == "outreach", Event.key.not_like("old:%"))
        assert set(connection.scalars(again)) == {CHAMPION}
    without = TRIED.partition("[[steps.variants]]")[0]
    activate(services, Strategy.parse(without), without, by="laura", why="the usual one")
    assert "Terminada" in desk.get("/console/experiments").text


def the_page_shows(services: Services, loans: dict[str, list[int]]) -> Desk:
    """What runs, what was stopped and why, the differences in words; the same as a file; the loans behind."""
    accounts.add_agent(services, "auditor@b.mx", "auditor", PASSWORD, "Ana")
    desk = Desk(SimpleNamespace(services=services, conversation=0), "auditor@b.mx")
    period = f"from={TODAY}&to={TODAY}"
    page = desk.get(f"/console/experiments?{period}").text
    assert "firm se detuvo sola (12:00): con ella más personas pidieron no recibir mensajes" in page
    assert "tono: firme" in page
    assert "$10,000.00" in page
    assert "El paso como está: de cada 100 pagan entre 24.1 y 85.9 más" in page
    assert desk.get(f"/console/experiments?from={TODAY}&to=2026-01-01").status_code == 400
    rows = {
        row["variant"]: row for row in csv.DictReader(StringIO(desk.get("/console/experiments.csv").text))
    }
    assert {name: int(row["planned"]) for name, row in rows.items()} == {n: len(x) for n, x in loans.items()}
    assert (rows["firm"]["state"], rows["firm"]["percent"], rows["firm"]["harmed"]) == ("stopped", "0", "12")
    assert float(rows[CHAMPION]["against_held_out_low"]) > 0 > float(rows["firm"]["against_champion_low"])
    behind = f"/console/experiments/default/due.csv?variant={CHAMPION}&{period}"
    behind_rows = list(csv.DictReader(StringIO(desk.get(behind).text)))
    assert sum(int(row["paid_centavos"] or 0) for row in behind_rows) == 1_000_000
    assert sum(int(row["agreed"]) for row in behind_rows) == 40
    assert desk.get(behind.replace(".csv", "")).text.count("$250.00") == 40
    return desk


def test_only_who_is_new_is_compared_with_who_is_held_out(services: Services) -> None:
    """At a second step those whom the first one moved to pay are gone, but not of those held out."""
    plan(services)
    with write_tx(services.engine) as connection:
        for event in connection.execute(select(Event.__table__)).all():
            later = {"key": f"{event.key}:", "created_at": event.created_at + timedelta(days=3)}
            row = event._asdict() | later | {"data": event.data | {"step": "later"}}
            del row["id"]
            connection.execute(insert(Event).values(**row))
    with read_tx(services.engine) as connection:
        found, newly = (
            results(
                *(connection, "default", TODAY, TODAY + timedelta(days=3)),
                zone=ZoneInfo("America/Mexico_City"),
                prices=services.lender.prices,
                newly=newly,
            )
            for newly in (False, True)
        )
    assert ({each.step for each in found}, {each.step for each in newly}) == ({"due", "later"}, {"due"})
    pairs = {(a.step, a.variant, b.variant) for a, b in compared(found, newly)}
    assert pairs == {
        ("due", "firm", CHAMPION),
        ("later", "firm", CHAMPION),
        ("due", "firm", HELD_OUT),
        ("due", CHAMPION, HELD_OUT),
    }


def test_days_on_which_one_of_two_did_not_run_are_not_compared() -> None:
    paid, both = Share(90, 100), Share(40, 100)
    ours = result("firm", {TODAY: both, TODAY - timedelta(days=1): paid})
    theirs = result(CHAMPION, {TODAY: both})
    low, high = ours.against(theirs)
    assert low == pytest.approx(-high)


def result(variant: str, by_day: dict[date, Share]) -> Result:
    return Result("due", variant, Share(0, 0), Share(0, 0), Decimal(), paid_by_day=by_day)


def test_a_budget_that_is_spent_plans_no_more_and_says_so_once(services: Services) -> None:
    text = TRIED.replace('owner = "laura"', 'owner = "laura"\nbudget_usd = "0.61"')
    activate(services, Strategy.parse(text), text, by="laura", why="dear")
    assert plan(services) == 5
    with read_tx(services.engine) as connection:
        held_out = connection.scalar(select(func.count()).where(Event.kind == "held_out"))
    assert held_out == 2, "a fifth of all, as of those who are written to"
    assert plan(services) == 4  # at 2 × 0.06 for the dearest, 0.0135 by WhatsApp
    with read_tx(services.engine) as connection:
        tried = select(Event.data["variant"].as_string()).where(Event.kind == "outreach")
        shares = Counter(connection.scalars(tried))
    assert shares == {"firm": 5, CHAMPION: 4}
    rounds = []
    while not rounds or rounds[-1]:
        assert tasks(services) == []
        rounds.append(plan(services))
    assert 0.49 < (9 + sum(rounds)) * 0.0135 <= 0.61
    assert (plan(services), tasks(services)) == (0, ["budget_spent"])


def send(connection: Connection, loans: list[int], at: datetime) -> None:
    """By a template of each category, freely in an open window, and by an SMS of three segments."""
    for name, category in (("HXU", "UTILITY"), ("HXM", "MARKETING")):
        row = {"hash": name, "content_sid": name, "language": "es_MX", "category": category, "created_at": at}
        connection.execute(insert(Template).values(**row))
    ways = (("whatsapp", "HXU"), ("whatsapp", "HXM"), ("whatsapp", None), ("sms", None))
    for loan, (channel, template) in zip(loans, ways, strict=True):
        event = connection.execute(select(Event.__table__).where(Event.loan_id == loan)).one()
        row = {"conversation_id": event.conversation_id, "event_id": event.id, "channel": channel}
        row |= {"direction": "out", "author": "bot", "purpose": "contact", "address": "x", "status": "sent"}
        row |= {"segments": 3} if channel == "sms" else {}
        made = insert(Message).values(**row, created_at=at, sent_at=at)
        message = connection.execute(made.returning(Message.id)).scalar_one()
        row = {"message_id": message, "address": "x", "template": template, "outcome": "taken"}
        row |= {"claimed_by": "w", "claimed_at": at, "started_at": at}
        connection.execute(insert(DeliveryAttempt).values(**row))


def tasks(services: Services) -> list[str]:
    with read_tx(services.engine) as connection:
        return list(connection.scalars(select(Task.kind)))


def test_a_channel_by_which_too_many_ask_for_silence_stops(services: Services) -> None:
    services.lender.policy.__dict__["sender_stop_percent"] = 3.0
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        for start, channel in ((1, "whatsapp"), (76, "sms")):
            for number in range(start, start + 75):
                row = {
                    "conversation_id": number,
                    "borrower_id": number,
                    "direction": "out",
                    "author": "bot",
                    "channel": channel,
                    "address": f"+52{number:010d}",
                    "status": "sent",
                    "purpose": "contact",
                    "created_at": now,
                    "sent_at": now,
                }
                connection.execute(insert(Message).values(**row))
        for loan in range(1, 4):
            asked = NewEntry("optout.recorded", {"channel": "whatsapp"}, "borrower:1")
            append(connection, loan, now, asked)
    with patch.object(sys.modules["bot.outreach.planning.watching"], "ENOUGH_OF_SENDER", 76):
        assert watch_senders(services) == 0
    with patch.object(sys.modules["bot.outreach.planning.watching"], "ENOUGH_OF_SENDER", 75):
        assert (watch_senders(services), watch_senders(services)) == (1, 1)
    with read_tx(services.engine) as connection:
        (stopped,) = connection.execute(select(sender_table)).all()
        assert connection.scalars(select(Task.kind)).all() == ["sender_stopped"]
    assert (stopped.channel, stopped.full_until, stopped.paused_until) == (
        "whatsapp",
        now + timedelta(hours=2),
        None,
    )
