"""What asking the outbox costs: indices alone, however many wait and however long the history is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, insert, select, update

from bot.channels import Receipt
from bot.outreach import dispatch, record_receipt
from bot.outreach.sending.attempts import ANY_LEFT_BEHIND
from bot.outreach.sending.outbox import any_due, due, known
from models import Message, read_tx, write_tx
from tests.loans import add_borrower
from tests.outbox import add_attempt
from tests.services import ACCOUNT, Wire, make_test_services
from tests.statements import listening

WAITING, HISTORY = 2_000, 5


@pytest.fixture
def campaign(sqlite_engine: Engine, now: datetime) -> Engine:
    with write_tx(sqlite_engine) as connection:
        for number in range(40):
            borrower, conversation = add_borrower(connection, number)
            row = {
                "conversation_id": conversation,
                "borrower_id": borrower,
                "direction": "out",
                "author": "bot",
                "channel": "sms",
                "address": "+52",
                "created_at": now,
                "not_before": now,
                "wording": {"lines": [], "choices": [], "tone": "kind"},
            }
            connection.execute(insert(Message), [row | {"status": "read", "purpose": "reply"}] * HISTORY)
            connection.execute(
                insert(Message), [row | {"status": "queued", "purpose": "contact"}] * (WAITING // 40)
            )
    return sqlite_engine


@contextmanager
def plans(engine: Engine) -> Iterator[list[str]]:
    """How SQLite goes about each statement."""
    found: list[str] = []

    def explain(connection: Any, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if statement.startswith("SELECT"):
            found.extend(
                row[3]
                for row in cursor.connection.cursor().execute(f"EXPLAIN QUERY PLAN {statement}", parameters)
            )

    event.listen(engine, "before_cursor_execute", explain)
    yield found
    event.remove(engine, "before_cursor_execute", explain)


def test_no_question_reads_the_whole_table(campaign: Engine, now: datetime) -> None:
    with plans(campaign) as found, write_tx(campaign) as connection:
        assert any_due(connection, now)
        assert connection.scalar(ANY_LEFT_BEHIND, {"dead": now}) is None
        assert known(connection, due(connection, now, 20), now)
    assert [plan for plan in found if plan.startswith("SCAN") and "USING" not in plan] == []
    assert sum("ix_message_queued" in plan for plan in found) >= 3


def test_an_idle_outbox_costs_next_to_nothing(campaign: Engine, now: datetime) -> None:
    """Asked twelve times a second: a median of some 0.2 ms here, 2 ms anywhere."""
    took = []
    for _ in range(30):
        start = time.perf_counter()
        with read_tx(campaign) as connection:
            assert not any_due(connection, now - timedelta(days=1))
            assert connection.scalar(ANY_LEFT_BEHIND, {"dead": now}) is None
        took.append(time.perf_counter() - start)
    assert sorted(took)[15] < 0.002


def test_an_idle_outbox_asks_once(campaign: Engine, now: datetime) -> None:
    services = make_test_services(campaign, now - timedelta(days=1))
    with listening(campaign) as asked:
        assert dispatch(services, Wire()) == 0
    assert len(asked) == 1


def test_a_receipt_is_three_statements(campaign: Engine, now: datetime) -> None:
    """Of a message that went where none failed before: read, kept, moved."""
    with write_tx(campaign) as connection:
        message = connection.scalar(select(func.min(Message.id)).where(Message.status == "read")) or 0
        connection.execute(update(Message).where(Message.id == message).values(status="sent"))
        add_attempt(connection, message, provider_sid="SM1", account_sid=ACCOUNT)
    receipt = Receipt(message, "SM1", ACCOUNT, "delivered", "delivered")
    with listening(campaign) as asked:
        assert record_receipt(make_test_services(campaign, now), receipt)
    assert len(asked) == 3


def test_conversations_that_hang_do_not_hold_up_the_others(campaign: Engine, now: datetime) -> None:
    """An outage leaves many `unknown`: what waits behind them is passed over."""
    with write_tx(campaign) as connection:
        hanging = select(Message.conversation_id).distinct().order_by(Message.conversation_id).limit(38)
        oldest = (
            select(func.min(Message.id))
            .where(Message.conversation_id.in_(hanging), Message.status == "queued")
            .group_by(Message.conversation_id)
        )
        connection.execute(update(Message).where(Message.id.in_(oldest)).values(status="unknown"))
        assert due(connection, now, 20)


def test_what_was_queued_again_is_found_behind_any_number_of_younger_messages(
    campaign: Engine, now: datetime
) -> None:
    """Each conversation's oldest message was put back just now: it is still the first to leave, and nothing
    waits for good.
    """
    with write_tx(campaign) as connection:
        oldest = (
            select(func.min(Message.id)).where(Message.status == "queued").group_by(Message.conversation_id)
        )
        again = set(connection.scalars(oldest))
        connection.execute(
            update(Message).where(Message.id.in_(again)).values(not_before=now + timedelta(seconds=30))
        )
        found = due(connection, now + timedelta(minutes=1), 20)
    assert found
    assert {each.id for each in found} <= again
