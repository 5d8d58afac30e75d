"""One way to give a person something to look at."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Select, literal
from sqlalchemy.dialects import postgresql, sqlite

from models import task_table
from models.task import BANKING_DAYS, TASK_KINDS
from models.upsert import insert_new
from values import CITY, add_banking_days, city_day


class UnknownTaskKind(ValueError):
    """A kind that no page has words for."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            f"{kind!r} is no kind of task: add it to TASK_KINDS in models/task.py and its words to console.po"
        )


@dataclass(frozen=True, slots=True)
class NewTask:
    kind: str
    """One of `models.task.TASK_KINDS`."""
    at: datetime
    key: str | None = None
    """Opened once per key; without one, always."""
    loan_id: int | None = None
    conversation_id: int | None = None
    message_id: int | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    done_by: str | None = None
    """Who has it done already: a note."""
    due_at: datetime | None = None
    """By when; without one, as is usual for its kind."""


def open_task(connection: Connection, task: NewTask) -> None:
    """Raises UnknownTaskKind."""
    open_tasks(connection, [task])


def open_tasks(connection: Connection, tasks: Iterable[NewTask]) -> None:
    """The same, for many in one statement. Raises UnknownTaskKind."""
    rows = [
        {
            "kind": _known(task.kind),
            "key": task.key,
            "loan_id": task.loan_id,
            "conversation_id": task.conversation_id,
            "message_id": task.message_id,
            "data": dict(task.data),
            "created_at": task.at,
            "done_at": task.at if task.done_by else None,
            "done_by": task.done_by,
            "due_at": task.due_at or usual_deadline(task.kind, task.at),
        }
        for task in tasks
    ]
    if rows:
        connection.execute(insert_new(connection, task_table, ("key",)), rows)


def open_tasks_of(connection: Connection, kind: str, rows: Select[Any], given: Mapping[str, Any]) -> None:
    """Set-based: `rows` selects loan_id, data, key and created_at. Raises UnknownTaskKind."""
    insert = (postgresql if connection.dialect.name == "postgresql" else sqlite).insert(task_table)
    columns = ["loan_id", "data", "key", "created_at", "kind"]
    statement = insert.from_select(columns, rows.add_columns(literal(_known(kind))))
    connection.execute(statement.on_conflict_do_nothing(), given)


def usual_deadline(kind: str, at: datetime) -> datetime | None:
    """The end of its last banking day; null for a kind that can wait."""
    if (days := BANKING_DAYS.get(kind)) is None:
        return None
    return end_of(add_banking_days(city_day(at), days))


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CITY)


def _known(kind: str) -> str:
    if kind not in TASK_KINDS:
        raise UnknownTaskKind(kind)
    return kind
