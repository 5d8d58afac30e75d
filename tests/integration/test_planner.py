"""Who is reached out to today: each reason not to, one at a time, against the database."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, update

from bot.outreach import activate, explain, plan, read_strategy, watch_strategies
from bot.outreach.planning.request import NothingToSay
from bot.outreach.planning.strategy import DEFAULT, Strategy
from bot.services import Services
from models import (
    AgentContact,
    Borrower,
    ContactPoint,
    Conversation,
    Event,
    Hold,
    Loan,
    Message,
    Promise,
    StrategyVersion,
    Task,
    read_tx,
    write_tx,
)
from models.base import AnyRow
from models.ledger import NewEntry, append
from tests.loans import add_borrower, add_loan
from tests.outbox import ask_outreach
from tests.services import make_test_services

OWED = {"principal": 50_000}
TODAY = date(2026, 11, 24)
STEP = """
[[steps]]
name = "more"
day = 0
until = 3
flow = "mandate"
tone = "kind"
{extra}
"""


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    """One borrower whose instalment is due today."""
    with write_tx(engine) as connection:
        borrower, _ = add_borrower(connection)
        add_loan(connection, borrower, instalments=[(TODAY, OWED)])
    return make_test_services(engine, now)


def change(services: Services, record: Any, **values: Any) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(update(record).values(**values))


def add(services: Services, record: Any, **values: Any) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(insert(record).values(**values))


def events(services: Services) -> list[AnyRow]:
    with read_tx(services.engine) as connection:
        return list(connection.execute(select(Event.__table__).order_by(Event.id)))


def test_what_is_due_is_planned_once_with_its_strategy(services: Services) -> None:
    assert (plan(services), plan(services)) == (1, 0)
    (event,) = events(services)
    assert event.key == f"outreach:default@1:due:{event.loan_id}:2026-11-24"
    assert event.data == {
        "flow": "reminder",
        "step": "due",
        "tone": "kind",
        "strategy": "default@1",
        "until": 0,
    }
    assert event.contact_point_id is not None


def test_strategies_with_equal_steps_do_not_collide_and_a_new_version_repeats_none(
    services: Services,
) -> None:
    ours, text = read_strategy(DEFAULT)
    assert plan(services) == 1
    change(services, Event, done_at=services.clock.now())
    assert activate(services, ours, text, by="test", why="the same again") == 2
    assert plan(services) == 0
    other = text.replace('name = "default"', 'name = "other"', 1)
    assert activate(services, Strategy.parse(other), other, by="test", why="another") == 1
    assert plan(services) == 1
    assert events(services)[-1].data["strategy"] == "other@1"


def test_a_promise_keeps_it_back_while_it_is_open(services: Services) -> None:
    made = {"loan_id": 1, "amount": 50_000, "due_date": TODAY, "expires_on": TODAY + timedelta(days=2)}
    add(services, Promise, **made, status="open", made_at=services.clock.now())
    assert plan(services) == 0
    change(services, Promise, status="broken")
    assert plan(services) == 1


def test_a_hold_keeps_it_back_while_it_stands(services: Services) -> None:
    now = services.clock.now()
    add(services, Hold, loan_id=1, kind="dispute", placed_at=now - timedelta(days=1))
    assert plan(services) == 0
    change(services, Hold, until=now - timedelta(hours=1))
    assert plan(services) == 1


@pytest.mark.parametrize(
    ("kind", "others"), [("deceased", 0), ("vulnerable", 0), ("opt_out", 0), ("dispute", 1)]
)
def test_a_hold_of_the_person_keeps_back_what_is_about_their_other_loans(
    services: Services, kind: str, others: int
) -> None:
    with write_tx(services.engine) as connection:
        other = add_loan(connection, 1, 2, instalments=[(TODAY + timedelta(days=90), {"principal": 50_000})])
    add(services, Hold, loan_id=other, kind=kind, placed_at=services.clock.now())
    assert plan(services) == others


@pytest.mark.parametrize(
    ("record", "kept", "freed"),
    [
        (
            Borrower,
            {"opted_out_at": datetime.fromisoformat("2026-11-01T18:00+00:00")},
            {"opted_out_at": None},
        ),
        (Loan, {"status": "disputed"}, {"status": "current"}),
        (Loan, {"outstanding_centavos": 0}, {"outstanding_centavos": 50_000}),
        (ContactPoint, {"status": "closed"}, {"status": "confirmed"}),
        (Conversation, {"handler": "agent"}, {"handler": "bot"}),
    ],
)
def test_what_else_keeps_it_back(
    services: Services, record: Any, kept: dict[str, Any], freed: dict[str, Any]
) -> None:
    change(services, record, **kept)
    assert plan(services) == 0
    change(services, record, **freed)
    assert plan(services) == 1


def test_the_weekly_cap_keeps_it_back(services: Services) -> None:
    now = services.clock.now()
    sent = {
        "conversation_id": 1,
        "borrower_id": 1,
        "direction": "out",
        "author": "bot",
        "channel": "whatsapp",
        "address": "whatsapp:+525500000001",
        "status": "delivered",
        "purpose": "contact",
        "attempts": 1,
    }
    for days, status in ((1, "suppressed"), (2, "failed"), (5, "queued"), (9, "delivered")):
        left_at = now - timedelta(days=6) if status == "delivered" else None
        add(
            services,
            Message,
            **sent | {"status": status, "sent_at": left_at},
            created_at=now - timedelta(days=days),
        )
    assert explain(services, "B1").next is not None, "two of the three reached nobody"
    add(services, Message, **sent, created_at=now - timedelta(days=1))
    assert plan(services) == 0
    services.clock.advance(days=2)  # type: ignore[attr-defined]
    change(services, Loan, overdue_since=date(2026, 11, 26))
    assert plan(services) == 1


@pytest.mark.parametrize(
    ("until", "day", "planned"),
    [
        (1, "2026-11-27", 1),
        (1, "2026-11-28", 0),
        (2, "2026-11-28", 0),
        (3, "2026-11-28", 1),
        (3, "2026-11-30", 1),
    ],
)
def test_a_step_whose_days_are_over_before_it_may_leave_is_not_taken(
    services: Services, until: int, day: str, planned: int
) -> None:
    """Of what was due on a Friday or a day earlier: on a Saturday nothing leaves before Monday."""
    text = STEP.replace("until = 3", f"until = {until}").format(extra="").replace("mandate", "reminder")
    strategy = f'name = "default"\n{text}'
    activate(services, Strategy.parse(strategy), strategy, by="test", why="weekend")
    due = date(2026, 11, 27)
    change(services, Loan, overdue_since=due)
    ahead = date.fromisoformat(day) - services.day(services.clock.now())
    services.clock.advance(days=ahead.days)  # type: ignore[attr-defined]
    assert plan(services) == planned


def test_the_cap_counts_the_agents_calls_and_no_others_contacts(services: Services) -> None:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        other, _ = add_borrower(connection, 2, opted_out_at=now)
        add_loan(connection, other, 2, [(TODAY, OWED)])
    for days in (1, 2, 3):
        call = called(now - timedelta(days=days)) | {"borrower_id": other, "reference": str(days)}
        add(services, AgentContact, **call)
    assert explain(services, "B2").next is None
    assert plan(services) == 1
    change(services, Event, done_at=now, key="old:" + Event.key)
    change(services, AgentContact, borrower_id=1)
    assert plan(services) == 0


def test_each_leaves_at_the_hour_at_which_they_answer_where_that_is_lawful_and_still_to_come(
    services: Services,
) -> None:
    """It is noon, of a day of which every fifth borrower's contact leaves at the usual time."""
    with write_tx(services.engine) as connection:
        for number, hour in ((2, 19), (3, 11), (4, 12), (5, 23), (6, 19)):
            person, _ = add_borrower(connection, number, best_hour=hour)
            add_loan(connection, person, number, [(TODAY, OWED)])
        add_loan(connection, add_borrower(connection, 7, zone=None)[0], 7, [(TODAY, OWED)])
    assert plan(services) == 7
    now = services.clock.now()
    evening = now.replace(hour=1) + timedelta(days=1)
    assert (1 + TODAY.toordinal()) % 5 == 0
    leaves_at = {event.loan_id: event.not_before for event in events(services)}
    assert leaves_at == dict.fromkeys(range(1, 8), now) | {2: evening}


def test_one_loan_of_a_borrower_is_planned_the_most_overdue(services: Services) -> None:
    with write_tx(services.engine) as connection:
        older = add_loan(connection, 1, 2, [(TODAY - timedelta(days=5), OWED)])
    assert plan(services) == 1
    assert [event.loan_id for event in events(services)] == [older]
    assert plan(services) == 0


def test_a_flow_that_waits_for_a_borrower_waits_once(services: Services) -> None:
    services.clock.advance(hours=11)  # type: ignore[attr-defined]
    first = ask_outreach(services, "B1", "reminder")
    assert ask_outreach(services, "B1", "reminder") == first
    assert ask_outreach(services, "B1", "balance") == first
    assert [event.data["flow"] for event in events(services)] == ["reminder", "balance"]
    assert plan(services) == 0


def test_what_is_requested_outside_the_window_is_offered_first(services: Services) -> None:
    now = services.clock.now()
    ask_outreach(services, "B1", "mandate")
    change(services, Conversation, last_in_at=now - timedelta(hours=2))
    ask_outreach(services, "B1", "plan")
    assert [event.data.get("step") for event in events(services)] == ["asked", None]


def test_nobody_is_asked_to_be_written_to_where_a_person_has_the_conversation(services: Services) -> None:
    change(services, Conversation, handler="agent")
    with pytest.raises(NothingToSay, match="a person has this conversation"):
        ask_outreach(services, "B1", "reminder")


def with_step(services: Services, extra: str = "", **values: object) -> int:
    """Activates a strategy of one step for today's due date, and plans; how many it planned."""
    given = {"name": "only", "day": 0, "until": 0, "flow": "reminder", "tone": "kind"} | values
    lines = "\n".join(f"{name} = {value!r}" for name, value in given.items())
    text = f'name = "default"\n\n[[steps]]\n{lines}\n{extra}'
    activate(services, Strategy.parse(text), text, by="test", why="a test")
    return plan(services)


@pytest.mark.parametrize(
    ("segment", "planned"),
    [
        ('products = ["auto"]', 0),
        ('products = ["nomina"]', 1),
        ('brands = ["Otra"]', 0),
        ('brands = ["Jacarandita"]', 1),
        ('states = ["09"]', 1),
        ('languages = ["en"]', 0),
        ('owed_from_pesos = "500.01"', 0),
        ('owed_from_pesos = "500.00"\nowed_to_pesos = "500.00"', 1),
        ('owed_to_pesos = "499.99"', 0),
        ('tags = ["VIP", "otra"]', 1),
        ('tags = ["vi"]', 0),
        ('without_tags = ["vip"]', 0),
        ('without_tags = ["otra_"]', 1),
        ("dpd_from = 1", 0),
        ("dpd_from = 0\ndpd_to = 0", 1),
        ("has_mandate = true", 0),
        ("has_mandate = false", 1),
        ("broken_promises_from = 1", 0),
        ("broken_promises_to = 0", 1),
        ('channel_health = ["unverified"]', 1),
        ('channel_health = ["right_party", "read", "delivered", "wrong", "blocked", "dead"]', 0),
        ('channels = ["email"]', 0),
        ('channels = ["sms", "whatsapp"]', 1),
    ],
)
def test_a_segment_filters_by_facts(services: Services, segment: str, planned: int) -> None:
    change(services, Loan, product="nomina", lender="Jacarandita", tags=";sur;vip;")
    change(services, Borrower, state="09")
    assert with_step(services, f"[steps.segment]\n{segment}\n", until=1) == planned


def test_a_step_names_its_channels(services: Services) -> None:
    assert with_step(services, channels=["email"]) == 0
    assert with_step(services, channels=["sms", "whatsapp"]) == 1


def test_a_step_may_count_from_a_broken_promise_once(services: Services) -> None:
    made = {"loan_id": 1, "amount": 50_000, "due_date": date(2026, 11, 20), "status": "broken"}
    add(services, Promise, **made, expires_on=date(2026, 11, 23), made_at=services.clock.now())
    broken = {"counts_from": "broken_promise", "day": 1, "until": 3}
    assert with_step(services, **broken) == 1
    assert events(services)[-1].key == "outreach:default@2:only:1:1"
    change(services, Event, done_at=services.clock.now())
    assert plan(services) == 0


def test_a_step_may_count_from_a_plan_that_broke_or_from_a_word_that_was_kept(services: Services) -> None:
    with write_tx(services.engine) as connection:
        for kind, days in (("plan.broken", 1), ("promise.kept", 3)):
            at = services.clock.now() - timedelta(days=days)
            append(connection, 1, at, NewEntry(kind, {}, "system:test"))
    assert with_step(services, counts_from="broken_plan", day=2, until=5) == 0
    assert with_step(services, counts_from="broken_plan", day=1, until=1) == 1
    change(services, Event, done_at=services.clock.now())
    assert plan(services) == 0
    assert with_step(services, name="cured", counts_from="cured", day=2, until=5) == 1
    change(services, Event, done_at=services.clock.now(), key="old:" + Event.key)
    change(services, Loan, overdue_since=TODAY - timedelta(days=1), status="overdue")
    assert plan(services) == 0


def test_a_statement_goes_out_once_a_month_for_each_loan(services: Services) -> None:
    text = read_strategy(DEFAULT.with_name("statements.toml"))[1]
    activate(services, Strategy.parse(text), text, by="test", why="monthly")
    change(services, Loan, overdue_since=TODAY + timedelta(days=60))
    assert plan(services) == 0  # the 24th
    coming = explain(services, "B1").next
    assert coming is not None
    assert (coming.day, coming.flow) == (date(2026, 12, 2), "statement")
    for days, planned in (
        (8, 1),
        (3, 0),
        (30, 1),
    ):  # 2 and 5 December, 4 January
        services.clock.advance(days=days)  # type: ignore[attr-defined]
        assert plan(services) == planned
        change(services, Event, done_at=services.clock.now())


def test_a_step_may_count_from_the_last_contact_which_is_the_agents_too(services: Services) -> None:
    now = services.clock.now()
    text = {
        "conversation_id": 1,
        "borrower_id": 1,
        "direction": "out",
        "author": "bot",
        "channel": "whatsapp",
    }
    text |= {"purpose": "contact", "status": "read", "body": "Hola", "created_at": now, "address": "x"}
    step: dict[str, Any] = {"counts_from": "last_contact", "day": 8, "until": 20}
    assert with_step(services, **step) == 0  # nobody has been contacted
    add(services, Message, **text, sent_at=now - timedelta(days=9))
    assert plan(services) == 1
    assert plan(services) == 0
    change(services, Event, done_at=now)
    add(services, AgentContact, **called(now - timedelta(days=8, hours=1)))
    assert plan(services) == 1  # another last contact
    change(services, Event, done_at=now)
    add(services, AgentContact, **called(now - timedelta(days=3)) | {"reference": "2"})
    change(services, Event, key="old:" + Event.key)
    assert plan(services) == 0  # too short a time ago
    coming = explain(services, "B1").next
    assert coming is not None
    assert (coming.day, coming.step) == (
        TODAY + timedelta(days=6),
        "only",
    )  # the morning of day 5 is too early
    assert with_step(services, **step | {"day": 3}) == 1
    change(services, Event, done_at=now, key="older:" + Event.key)
    change(services, Loan, overdue_since=TODAY + timedelta(days=1))
    assert plan(services) == 0  # nothing is late


def called(at: datetime) -> dict[str, Any]:
    made = {"borrower_id": 1, "channel": "call", "outcome": "no_answer", "made_by": "agent:1"}
    return made | {"at": at, "reference": "1", "created_at": at}


def test_a_step_may_be_stopped_by_an_answer_or_a_payment(services: Services) -> None:
    now = services.clock.now()
    change(services, Conversation, last_in_at=now - timedelta(days=3))
    with write_tx(services.engine) as connection:
        append(connection, 1, now - timedelta(days=3), NewEntry("payment.posted", {}, "lender:test"))
    assert with_step(services, unless_answered_days=4) == 0
    assert with_step(services, unless_paid_days=4) == 0
    assert with_step(services, unless_paid_days=2, unless_answered_days=2) == 1


def test_a_version_that_an_upgrade_takes_no_more_stops_alone_and_is_shown_once(services: Services) -> None:
    text = read_strategy(DEFAULT)[1].replace('name = "default"', 'name = "house"', 1)
    activate(services, Strategy.parse(text), text, by="test", why="of an older program")
    change(services, StrategyVersion, body=text.replace('flow = "reminder"', 'flow = "gone"'))
    assert plan(services) == 1  # of the default one
    for _ in range(2):
        watch_strategies(services)
    with read_tx(services.engine) as connection:
        (task,) = connection.execute(select(Task.__table__)).all()
    assert (task.kind, task.data["strategy"]) == ("strategy_invalid", "house@1")
    assert "there is no conversation 'gone'" in task.data["faults"][0]
    assert activate(services, Strategy.parse(text), text, by="test", why="made good") == 2


def test_a_strategy_runs_between_its_days(services: Services) -> None:
    text = 'name = "default"\nends = 2026-11-23\n\n' + '[[steps]]\nname = "x"\nday = 0\nuntil = 0\n'
    text += 'flow = "reminder"\ntone = "kind"\n'
    activate(services, Strategy.parse(text), text, by="test", why="over")
    assert plan(services) == 0
