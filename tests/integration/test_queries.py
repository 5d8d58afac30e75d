"""The questions asked all day use their indexes, on both databases, in a book of some size."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Engine, Executable, insert, select

from bot.channels import Held, Receipt
from bot.console.agents import board, queues, search, tasks, thread
from bot.conversation import Incoming, fire_timers, receive, take_events, thread_rows
from bot.jobs.sweeps import SWEEPS
from bot.outreach import dispatch, find_missed, record_receipt, resolve_unknown
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
from tests.outbox import REPLY, FakeTwilio
from tests.services import ACCOUNT, make_test_services
from tests.statements import is_explainable, listening, plan, walked

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
ABROAD = ("check_templates", "refresh_institutions", "tape_folder", "resolve_unknown", "missed_messages")
"""Sweeps that ask somebody else, or a folder; two of them are tried with a provider that answers."""
OF_EVERYBODY = ("plan", "renew_identity")
"""Sets of everybody: each one's best contact point is found in one walk (see also `test_planner.py`)."""


@dataclass
class Holding(FakeTwilio):
    """A provider that holds one message to us, which came long ago."""

    def received_since(self, since: datetime) -> list[Held]:
        return [Held("SM700", {}, 0)]

    def incoming(self, held: Held, at: datetime) -> Incoming:
        raise AssertionError(held)


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


PARTIAL = (
    "ix_conversation_waiting",
    "ix_conversation_last_in_at",
    "ix_conversation_released_at",
    "ix_task_open",
    "ix_message_queued",
    "ix_message_unsettled",
    "ix_event_pending",
    "ix_timer_due",
    "ix_delivery_attempt_open",
    "ix_message_unprocessed",
)
"""Indexes of what is open only: to walk one is to count what waits."""


def test_nothing_that_runs_all_day_walks_a_table(filled: Engine) -> None:
    """Every sweep, the dispatcher, a message and a receipt, by the statements that they run."""
    services, transport = make_test_services(filled, AT + timedelta(days=2)), FakeTwilio()
    post = Incoming(
        channel="whatsapp",
        address="whatsapp:+525500000077",
        key="+525500000077",
        sender="",
        account_sid=ACCOUNT,
        provider_sid="SM77",
        text="hola",
        at=AT,
    )
    steps: dict[str, Callable[[], object]] = {
        "dispatch": lambda: dispatch(services, transport),
        "unknown": lambda: resolve_unknown(services, transport),
        "missed": lambda: find_missed(services, Holding()),
        "receipt": lambda: record_receipt(services, Receipt(None, "SMout2", ACCOUNT, "read", "read")),
        "message": lambda: receive(services, post),
        "events": lambda: take_events(services, 1),
        "timers": lambda: fire_timers(services, 1),
        **{name: partial(SWEEPS[name].run, services) for name in SWEEPS if name not in ABROAD},
    }
    found, used = {}, set()
    for name, step in steps.items():
        with listening(filled) as asked:
            step()
        with read_tx(filled) as connection:
            plans = [
                (statement, plan(connection, statement, parameters))
                for statement, parameters in dict(asked).items()
                if is_explainable(statement)
            ]
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
        steps = plan(connection, thread_rows.BY_KEY.params(key="+525500000077", now=AT))
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
        "count": board.OPEN_TASKS,
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
