"""Messages whose turn raised: kept with a task for a person, and tried once more. What is stepped then needs
nobody; what raises again stays with the person.
"""

import traceback
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, select, update

from bot.conversation import accounts, inbox
from bot.conversation.incoming import Incoming
from bot.conversation.message_turn import Received, take_turn
from bot.conversation.turn import LostTurn
from bot.conversation.view import View
from bot.reach import NewTask, open_task
from bot.services import Services
from models import conversation_table, message_table, read_autocommit, read_tx, task_table, write_tx
from models.base import AnyRow, word
from models.trace import traced

log = structlog.get_logger(__name__)

WAIT = timedelta(seconds=20)
BATCH = 20
_ACTOR = "system:retry"
_AS_RECEIVED = "as_received"
"""What of a message has no column and its second try needs, inside `extra`."""


def keep_unprocessed(services: Services, incoming: Incoming, error: Exception) -> Received:
    """Stores the message and a task. Raises what the database raises where it cannot."""
    now, name = services.clock.now(), type(error).__name__
    _log("turn raised", error, sid=incoming.provider_sid)
    with write_tx(services.engine) as connection:
        conversation = inbox.conversation_of(connection, incoming, now)
        received = {
            "payload": incoming.payload,
            "kind": incoming.kind,
            "alias": incoming.alias,
            "proved": incoming.proved,
        }
        message_id = inbox.add_message(
            connection,
            incoming,
            now,
            conversation_id=conversation.id,
            status="unprocessed",
            body=accounts.mask(incoming.text, short_too=conversation.expecting == "clabe"),
            reason=name,
            extra={_AS_RECEIVED: received},
        )
        if message_id is None:
            return Received("seen", None, conversation.id)
        task = NewTask(
            "unprocessed",
            now,
            key=_task_key(message_id),
            conversation_id=conversation.id,
            message_id=message_id,
            data={"error": name},
        )
        open_task(connection, task)
        connection.execute(
            update(conversation_table)
            .where(conversation_table.c.id == conversation.id)
            .values(last_in_at=now)
        )
    return Received("unprocessed", message_id, conversation.id)


def retry_unprocessed(services: Services) -> int:
    """How many were stepped this time."""
    now = services.clock.now()
    waiting = (
        select(message_table)
        .where(
            message_table.c.status == word("unprocessed"),
            message_table.c.attempts == 0,
            message_table.c.created_at < now - WAIT,
        )
        .order_by(message_table.c.id)
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        rows = connection.execute(waiting).all()
    if rows:
        tried = message_table.c.id.in_([row.id for row in rows])
        with write_tx(services.engine) as connection:
            connection.execute(update(message_table).where(tried).values(attempts=1))
    return sum(_retry(services, row) for row in rows)


def _retry(services: Services, row: AnyRow) -> bool:
    def store(connection: Connection, view: View, body: str, reading: Mapping[str, Any]) -> int | None:
        del body  # it was masked when it came
        mine = (message_table.c.id == row.id) & (message_table.c.status == "unprocessed")
        done = connection.execute(
            update(message_table)
            .where(mine)
            .values(status="received", understood=dict(reading), reason=None, borrower_id=view.confirmed_id)
        )
        if done.rowcount == 0:
            return None
        task = (task_table.c.key == _task_key(row.id)) & task_table.c.done_at.is_(None)
        connection.execute(
            update(task_table).where(task).values(done_at=services.clock.now(), done_by=_ACTOR)
        )
        return int(row.id)

    try:
        with traced(row.trace), read_autocommit(services.engine) as connection:
            take_turn(connection, services, _incoming(row), store, actor=_ACTOR)
    except LostTurn:
        return False
    except Exception as error:
        _log("turn raised again", error, message=row.id)
        return False
    return True


def _incoming(row: AnyRow) -> Incoming:
    """The message as its channel handed it over, with account numbers masked."""
    extra = dict(row.extra or {})
    received = extra.pop(_AS_RECEIVED, {})
    return Incoming.stored(row, text=row.body, extra=extra, **received)


def _task_key(message_id: int) -> str:
    return f"unprocessed:{message_id}"


def _log(event: str, error: Exception, **ids: Any) -> None:
    """Without a traceback: its text may show what a borrower wrote."""
    log.error(event, error=type(error).__name__, at=_where(error), **ids)


def _where(error: Exception) -> str:
    """File and line."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
