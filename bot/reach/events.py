"""One way to queue what a conversation must react to: an outreach, a release, a fact of the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal, literal_column, select

from bot.reach.contact_points import best_contact_points
from models import event_table, loan_table
from models.base import UtcDateTime
from models.upsert import insert_new


@dataclass(frozen=True, slots=True)
class NewEvent:
    """`key` makes queueing it twice harmless."""

    kind: str
    """`outreach`, `released`, or a ledger kind."""
    conversation_id: int
    key: str
    at: datetime
    data: Mapping[str, Any] = field(default_factory=dict)
    loan_id: int | None = None
    contact_point_id: int | None = None
    """Where it is answered, where that is chosen; else at the address last written from."""
    not_before: datetime | None = None
    """Null: at once."""


def enqueue_event(connection: Connection, event: NewEvent) -> None:
    """Queues it, in the caller's transaction; the worker takes its turn."""
    enqueue_events(connection, [event])


def enqueue_events(connection: Connection, events: Iterable[NewEvent]) -> None:
    """The same, for many in one statement."""
    rows = [
        {
            "kind": event.kind,
            "conversation_id": event.conversation_id,
            "loan_id": event.loan_id,
            "contact_point_id": event.contact_point_id,
            "data": dict(event.data),
            "key": event.key,
            "not_before": event.not_before or event.at,
            "attempts": 0,
            "created_at": event.at,
        }
        for event in events
    ]
    if rows:
        connection.execute(insert_new(connection, event_table, ("key",)), rows)


def enqueue_events_of(connection: Connection, columns: Mapping[str, ColumnElement[Any]], at: datetime) -> int:
    """Set-based: one for each row that the columns, all of one selection, are of; how many are new."""
    all_columns = {**columns, "attempts": literal(0), "created_at": literal(at, UtcDateTime)}
    # without a WHERE, SQLite takes ON CONFLICT for part of a join
    rows = select(*all_columns.values()).where(literal_column("true"))
    statement = insert_new(connection, event_table, ("key",)).from_select(list(all_columns), rows)
    return int(connection.execute(statement.execution_options(preserve_rowcount=True)).rowcount)


@dataclass(frozen=True, slots=True)
class News:
    """A fact of the ledger that the loan's borrower is to know of, once per `key`."""

    loan_id: int
    kind: str
    key: str
    data: Mapping[str, Any] = field(default_factory=dict)


def notify_borrower(connection: Connection, news: News, at: datetime) -> None:
    """Queues it for the conversation in which this borrower is best reached; nothing where there is none."""
    notify_borrowers(connection, [news], at)


def notify_borrowers(connection: Connection, news: Sequence[News], at: datetime) -> None:
    """The same, for many."""
    if not news:
        return
    points = best_contact_points().subquery("points")
    reached = (
        select(loan_table.c.id.label("loan_id"), points.c.conversation_id, points.c.id.label("point_id"))
        .join(points, points.c.borrower_id == loan_table.c.borrower_id)
        .where(loan_table.c.id.in_([each.loan_id for each in news]), points.c.rank == 1)
    )
    found = {row.loan_id: row for row in connection.execute(reached)}
    enqueue_events(
        connection,
        [
            NewEvent(each.kind, point.conversation_id, each.key, at, each.data, each.loan_id, point.point_id)
            for each in news
            if (point := found.get(each.loan_id)) is not None
        ],
    )
