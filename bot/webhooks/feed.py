"""The lender's feed: one order over all loans, without gaps, read from any position."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, Select, bindparam, func, select, text

from models import (
    borrower_table,
    feed_event_table,
    ledger_entry_table,
    loan_table,
    posting_table,
    read_tx,
    task_table,
    write_tx,
)
from models.base import AnyRow

BATCH = 2_000
_LOCK = text("SELECT pg_advisory_xact_lock(7406173)")
"""On PostgreSQL one process numbers at a time; a write transaction of SQLite's is alone anyway."""
_UNNUMBERED = select(feed_event_table.c.id).where(feed_event_table.c.position.is_(None)).limit(1)
_NUMBER = text(
    "UPDATE feed_event SET position = numbered.position FROM (SELECT id, (SELECT coalesce(max(position), 0) "
    "FROM feed_event) + row_number() OVER (ORDER BY id) AS position FROM feed_event WHERE position IS NULL "
    "ORDER BY id LIMIT :batch) AS numbered WHERE feed_event.id = numbered.id"
)
_LAST = select(func.coalesce(func.max(feed_event_table.c.position), 0))


@dataclass(frozen=True, slots=True)
class FeedItem:
    position: int
    lane: str
    """Within it deliveries keep their order: the loan, or the task where it has none."""
    body: dict[str, Any]
    """What is sent and shown: `{id, position, type, timestamp, data}`."""
    trace: str | None = None
    """What caused it, for the logs."""


def number_events(engine: Engine) -> int:
    """Gives positions to what was committed since; how many. What commits later comes later, so that whoever
    has read up to a position has read all before it. Entries of one loan keep their order: each is written
    behind the loan's lock.
    """
    with read_tx(engine) as connection:
        if connection.scalar(_UNNUMBERED) is None:
            return 0
    with write_tx(engine) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(_LOCK)
        return connection.execute(_NUMBER, {"batch": BATCH}).rowcount


def last_position(connection: Connection) -> int:
    return connection.scalar(_LAST) or 0


def events_after(connection: Connection, position: int, limit: int) -> list[FeedItem]:
    """The next of the feed, oldest first."""
    return _items(
        connection,
        _SLIM.where(feed_event_table.c.position > position)
        .order_by(feed_event_table.c.position)
        .limit(limit),
    )


def events_at(connection: Connection, positions: Collection[int]) -> list[FeedItem]:
    """Those of the feed at these positions, oldest first."""
    wanted = _SLIM.where(feed_event_table.c.position.in_(sorted(positions)))
    return _items(connection, wanted.order_by(feed_event_table.c.position)) if positions else []


_SLIM: Select[Any] = select(
    feed_event_table.c.position, feed_event_table.c.kind, feed_event_table.c.subject_id
)
_IDS: Any = bindparam("ids", expanding=True)
_ENTRIES = (
    select(
        ledger_entry_table,
        loan_table.c.external_id.label("loan"),
        borrower_table.c.external_id.label("borrower"),
    )
    .select_from(ledger_entry_table)
    .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
    .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
    .where(ledger_entry_table.c.id.in_(_IDS))
)
_LEGS = select(posting_table).where(posting_table.c.entry_id.in_(_IDS)).order_by(posting_table.c.id)
_TASKS = (
    select(task_table, loan_table.c.external_id.label("loan"))
    .outerjoin(loan_table, loan_table.c.id == task_table.c.loan_id)
    .where(task_table.c.id.in_(_IDS))
)


def _items(connection: Connection, wanted: Select[Any]) -> list[FeedItem]:
    rows = connection.execute(wanted).all()
    entry_ids = [row.subject_id for row in rows if row.kind == "entry"]
    task_ids = [row.subject_id for row in rows if row.kind != "entry"]
    entries = _by_id(connection, _ENTRIES, entry_ids)
    tasks = _by_id(connection, _TASKS, task_ids)
    legs: dict[int, list[AnyRow]] = defaultdict(list)
    if entry_ids:
        for leg in connection.execute(_LEGS, {"ids": entry_ids}):
            legs[leg.entry_id].append(leg)
    return [
        _entry(row.position, entries[row.subject_id], legs[row.subject_id])
        if row.kind == "entry"
        else _task(row.position, row.kind, tasks[row.subject_id])
        for row in rows
    ]


def _by_id(connection: Connection, query: Select[Any], ids: Sequence[int]) -> dict[int, AnyRow]:
    return {row.id: row for row in connection.execute(query, {"ids": ids})} if ids else {}


def _entry(position: int, row: AnyRow, legs: Sequence[AnyRow]) -> FeedItem:
    data = {"loan": row.loan, "borrower": row.borrower, **entry_body(row, legs)}
    return FeedItem(position, f"loan:{row.loan_id}", _body(position, row.kind, data["at"], data), row.trace)


def _task(position: int, kind: str, row: AnyRow) -> FeedItem:
    """As it was opened, and done: what happened to it since is left out of the first."""
    done = kind == "task.done"
    data = task_body(row)
    if done:
        data |= {"done_at": row.done_at and row.done_at.isoformat(), "done_by": row.done_by}
    at = data["done_at"] if done and data["done_at"] else data["at"]
    lane = f"task:{row.id}" if row.loan_id is None else f"loan:{row.loan_id}"
    return FeedItem(position, lane, _body(position, kind, at, data), row.trace)


def _body(position: int, kind: str, at: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"id": f"evt_{position}", "position": position, "type": kind, "timestamp": at, "data": data}


def entry_body(row: AnyRow, legs: Sequence[AnyRow]) -> dict[str, Any]:
    """A ledger entry as the lender sees it."""
    return {
        "seq": row.seq,
        "kind": row.kind,
        "at": row.at.isoformat(),
        "actor": row.actor,
        "data": row.data,
        "postings": [{"account": leg.account, "amount": leg.amount} for leg in legs],
        "hash": row.hash,
    }


def task_body(row: AnyRow) -> dict[str, Any]:
    """A task as the lender sees it; `row` has its loan's own id as `loan`."""
    return {
        "id": str(row.id),
        "kind": row.kind,
        "loan": row.loan,
        "conversation": str(row.conversation_id) if row.conversation_id is not None else None,
        "at": row.created_at.isoformat(),
        "data": row.data,
    }
