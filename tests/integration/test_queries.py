"""The questions asked all day use their indexes, on both databases, in a book of some size."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, Engine, Executable, insert, text

from bot import metrics
from bot.console import board, search, tasks, thread
from bot.conversation import thread_rows
from models import Conversation, Event, Message, Timer, read_tx, write_tx

AT = datetime(2026, 11, 24, tzinfo=UTC)

QUESTIONS = {
    "ix_message_queued": "SELECT id FROM message WHERE status = 'queued' AND not_before <= :at LIMIT 1",
    "ix_message_conversation_id": "SELECT id FROM message WHERE conversation_id = 77 ORDER BY id "
    "DESC LIMIT 50",
    "ix_event_pending": "SELECT id FROM event WHERE done_at IS NULL AND not_before <= :at ORDER BY "
    "not_before, id LIMIT 50",
    "ix_timer_due": "SELECT id FROM timer WHERE fired_at IS NULL AND due_at <= :at ORDER BY due_at LIMIT 50",
    "uq_conversation_key": "SELECT id FROM conversation WHERE key = '+525500000077'",
    "ix_message_unsettled": "SELECT conversation_id FROM message WHERE status IN ('sending', 'unknown')",
}


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """3,000 conversations with ten messages each, nearly all of them done with."""
    threads = [
        {
            "id": i,
            "key": f"+5255{i:08d}",
            "channel": "whatsapp",
            "address": f"whatsapp:+5255{i:08d}",
            "state": {},
            "created_at": AT,
        }
        for i in range(1, 3001)
    ]
    messages = [
        {
            "conversation_id": i % 3000 + 1,
            "direction": "out",
            "author": "bot",
            "channel": "whatsapp",
            "address": "x",
            "created_at": AT,
            "not_before": AT,
            "status": "queued" if i % 500 == 0 else "unknown" if i % 701 == 0 else "read",
        }
        for i in range(30_000)
    ]
    events = [
        {
            "conversation_id": i % 3000 + 1,
            "kind": "x",
            "data": {},
            "key": f"k{i}",
            "not_before": AT + timedelta(minutes=i),
            "created_at": AT,
            "attempts": 0,
            "done_at": None if i % 100 == 0 else AT,
        }
        for i in range(5000)
    ]
    timers = [
        {
            "conversation_id": i % 3000 + 1,
            "name": "x",
            "wait_id": 1,
            "due_at": AT + timedelta(minutes=i),
            "fired_at": None if i % 100 == 0 else AT,
        }
        for i in range(5000)
    ]
    with write_tx(engine) as connection:
        for record, rows in ((Conversation, threads), (Message, messages), (Event, events), (Timer, timers)):
            connection.execute(insert(record), rows)
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
    return engine


PARTIAL = (
    "ix_conversation_waiting",
    "ix_task_open",
    "ix_message_queued",
    "ix_message_unsettled",
    "ix_event_pending",
    "ix_timer_due",
)
"""Indexes of what is open only: to walk one is to count what waits."""


def _plan(connection: Connection, question: str) -> str:
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(
        str(tuple(row))
        for row in connection.execute(
            text(f"{explain} {question}"), {"at": "2026-11-25 00:00:00"} if ":at" in question else {}
        )
    )


def test_every_question_uses_its_index(filled: Engine) -> None:
    with filled.connect() as connection:
        plans = {index: _plan(connection, question) for index, question in QUESTIONS.items()}
        connection.commit()
    missing = {index: plan for index, plan in plans.items() if index not in plan and "autoindex" not in plan}
    assert missing == {}


def test_a_turn_reads_what_is_owed_by_index_alone(engine: Engine) -> None:
    """No table is walked, and SQLite builds no index of its own for the question, in a database that was
    never analysed.
    """
    wanted = str(
        thread_rows.BY_KEY.params(key="+525500000077", now=AT).compile(
            engine, compile_kwargs={"literal_binds": True}
        )
    )
    with read_tx(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("SET LOCAL enable_seqscan = off")
            )  # the book of this test has no loans: a walk over nothing would be cheapest
        plan = _plan(connection, wanted)
    assert not [word for word in ("SCAN ", "AUTOMATIC", "Seq Scan") if word in plan], plan


@pytest.mark.parametrize("asked", [*metrics.DUE, *metrics.HELD])
def test_operations_ask_by_index_alone(engine: Engine, asked: str) -> None:
    """What a scrape counts is in an index that holds little else; nothing is walked."""
    question = {**metrics.DUE, **metrics.HELD}[asked]
    with read_tx(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plan = _plan(
            connection, str(question.params(now=AT).compile(engine, compile_kwargs={"literal_binds": True}))
        )
    walked = [
        step for step in plan.splitlines() if any(word in step for word in ("SCAN ", "AUTOMATIC", "Seq Scan"))
    ]
    assert [step for step in walked if not any(small in step for small in PARTIAL)] == [], plan


@pytest.mark.parametrize("asked", ["Ana Ló", "55 1234 56", "JAC-10", "waiting", "tasks", "count", "notes"])
def test_agents_ask_by_index_alone(engine: Engine, asked: str) -> None:
    """By the beginning of a name, a phone or a loan; who waits; what is to be done: nothing is walked,
    however many borrowers and messages there are.
    """
    pages: dict[str, Executable] = {
        "waiting": board.WAITING,
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
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        plans = [
            _plan(connection, str(question.compile(engine, compile_kwargs={"literal_binds": True})))
            for question in questions
        ]
    walked = [
        step
        for plan in plans
        for step in plan.splitlines()
        if any(word in step for word in ("SCAN ", "AUTOMATIC", "Seq Scan"))
    ]
    assert [step for step in walked if not any(small in step for small in PARTIAL)] == []
