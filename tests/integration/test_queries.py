"""The questions asked all day use their indexes, on both databases, in a book of some size."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, Executable, insert, select

from bot.console.agents import queues, search, tasks, thread
from bot.conversation import thread_rows
from bot.web import metrics
from bot.wording import encode
from models import (
    Borrower,
    ContactPoint,
    Conversation,
    DeliveryAttempt,
    Event,
    Message,
    Timer,
    message_table,
    read_tx,
    write_tx,
)
from tests.hot_acts import OF_EVERYBODY, PARTIAL, hot_acts
from tests.outbox import REPLY
from tests.services import ACCOUNT, make_test_services
from tests.statements import plan, plans_of, walked

AT = datetime(2026, 11, 24, tzinfo=UTC)

BIG = ("message", "delivery_attempt", "event", "timer", "conversation", "contact_point")
INDEXES = (
    "ix_message_queued",
    "ix_message_unsettled",
    "ix_message_conversation_id",
    "uq_delivery_attempt_standing",
    "ix_delivery_attempt_open",
    "ix_event_pending",
    "ix_timer_due",
)


THREADS = 100


def _person(i: int) -> dict[str, object]:
    return {"id": i, "external_id": f"B{i}", "name": "Ana", "language": "es_MX", "created_at": AT}


def _thread(i: int) -> dict[str, object]:
    at = {"key": f"+5255{i:08d}", "address": f"whatsapp:+5255{i:08d}", "channel": "whatsapp"}
    return {"id": i, **at, "state": {}, "created_at": AT}


def _point(i: int) -> dict[str, object]:
    at = {"key": f"+5255{i:08d}", "address": f"whatsapp:+5255{i:08d}", "channel": "whatsapp"}
    return {"borrower_id": i, "conversation_id": i, **at, "status": "confirmed", "created_at": AT}


def _message(i: int) -> dict[str, object]:
    ours, who = i % 2 == 1, i % THREADS + 1
    status = "queued" if i % 202 == 1 else "unknown" if i % 302 == 3 else "read" if ours else "received"
    return {
        "conversation_id": who,
        "borrower_id": who,
        "direction": "out" if ours else "in",
        "author": "bot" if ours else "borrower",
        "channel": "whatsapp",
        "address": "x",
        "purpose": "reply",
        "created_at": AT,
        "not_before": AT,
        "sent_at": AT,
        "account_sid": None if ours else ACCOUNT,
        "provider_sid": None if ours else f"SM{i}",
        "status": status,
        "wording": encode(REPLY) if status == "queued" else None,
    }


def _event(i: int) -> dict[str, object]:
    done = {"attempts": 0, "done_at": None if i % 50 == 0 else AT}
    due = {"not_before": AT + timedelta(minutes=i), "created_at": AT}
    return {"conversation_id": i % THREADS + 1, "kind": "released", "data": {}, "key": f"k{i}"} | due | done


def _timer(i: int) -> dict[str, object]:
    due = {"due_at": AT + timedelta(minutes=i), "fired_at": None if i % 50 == 0 else AT}
    return {"conversation_id": i % THREADS + 1, "name": "x", "wait_id": 1} | due


def _attempt(message: int, status: str) -> dict[str, object]:
    taken = status == "read"
    return {
        "message_id": message,
        "address": "x",
        "outcome": "taken" if taken else "unknown",
        "account_sid": ACCOUNT if taken else None,
        "provider_sid": f"SMout{message}" if taken else None,
        "claimed_by": "test",
        "claimed_at": AT,
        "started_at": AT,
    }


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Conversations with ten messages each, nearly all of them done with; never analysed."""
    everybody = range(1, THREADS + 1)
    filling = {
        Borrower: [_person(i) for i in everybody],
        Conversation: [_thread(i) for i in everybody],
        ContactPoint: [_point(i) for i in everybody],
        Message: [_message(i) for i in range(10 * THREADS)],
        Event: [_event(i) for i in range(2 * THREADS)],
        Timer: [_timer(i) for i in range(2 * THREADS)],
    }
    with write_tx(engine) as connection:
        for record, rows in filling.items():
            connection.execute(insert(record), rows)
        sent = select(message_table.c.id, message_table.c.status).where(
            message_table.c.status.in_(("read", "unknown"))
        )
        attempts = [_attempt(message, status) for message, status in connection.execute(sent)]
        connection.execute(insert(DeliveryAttempt), attempts)
    return engine


def test_nothing_that_runs_all_day_walks_a_table(filled: Engine) -> None:
    """Every sweep, the dispatcher, a message and a receipt, by the statements that they run."""
    services = make_test_services(filled, AT + timedelta(days=2))
    found, used = {}, set()
    for name, act in hot_acts(services, "+525500000077", AT, "SMout2").items():
        plans = plans_of(filled, act)
        used |= {index for index in INDEXES for _, steps_of in plans if index in "".join(steps_of)}
        tables = ("event", "timer") if name in OF_EVERYBODY else BIG
        if walks := [(text, walk) for text, steps_of in plans if (walk := walked(steps_of, tables, PARTIAL))]:
            found[name] = walks
    assert found == {}
    assert used == set(INDEXES)


def test_a_turn_reads_what_is_owed_by_index_alone(engine: Engine) -> None:
    """No table is walked, and SQLite builds no index of its own for the question, in a database that was
    never analysed.
    """
    with read_tx(engine) as connection:
        steps = plan(connection, thread_rows.BY_KEY.params(key="+525500000077", now=AT, paid_since=AT))
    assert _walks(steps) == []


@pytest.mark.parametrize("asked", [*metrics.DUE, *metrics.HELD])
def test_operations_ask_by_index_alone(engine: Engine, asked: str) -> None:
    """What a scrape counts is in an index that holds little else; nothing is walked."""
    with read_tx(engine) as connection:
        steps = plan(connection, {**metrics.DUE, **metrics.HELD}[asked].params(now=AT))
    assert _walks(steps) == []


@pytest.mark.parametrize(
    "asked", ["Ana Ló", "55 1234 56", "JAC-10", "waiting", "all", "closed", "tasks", "count", "notes"]
)
def test_agents_ask_by_index_alone(engine: Engine, asked: str) -> None:
    """By the beginning of a name, a phone or a loan; who waits; what is to be done: nothing is walked,
    however many borrowers and messages there are.
    """
    pages: dict[str, Executable] = {
        "waiting": queues.page_of(queues.queue("needs"), {}).params(me=1, now=AT),
        "all": queues.page_of(queues.queue("all"), {}).params(me=1, now=AT),
        "closed": queues.page_of(queues.queue("closed"), {}).params(me=1, now=AT),
        "tasks": tasks.OPEN,
        "count": queues.OPEN_TASKS,
        "notes": thread.notes(77),
    }
    questions = (
        [pages[asked]]
        if asked in pages
        else [question.limit(search.MOST) for question in search.questions(asked)]
    )
    with read_tx(engine) as connection:
        assert [walk for question in questions for walk in _walks(plan(connection, question))] == []


def _walks(steps: list[str]) -> list[str]:
    """Of any table, but for the indexes of what is open only."""
    return [
        step
        for step in steps
        if any(word in step for word in ("SCAN ", "AUTOMATIC", "Seq Scan"))
        and not any(index in step for index in PARTIAL)
    ]
