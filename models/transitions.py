"""Moves of what binds people or money. The newest transition is the state; an illegal move and a lost race
are two errors.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Update, bindparam, insert, select, update

from models.base import AnyRow
from models.charge import charge_table
from models.mandate import mandate_table
from models.plan import plan_table
from models.promise import promise_table
from models.transition import transition_table

_STEP = insert(transition_table)
_STEPS = (
    select(transition_table)
    .where(transition_table.c.subject == bindparam("of"), transition_table.c.subject_id == bindparam("of_id"))
    .order_by(transition_table.c.seq.desc())
    .limit(2)
)
"""The last step, and the one whose hash it follows."""
_TABLES: dict[str, Any] = {
    "promise": promise_table,
    "mandate": mandate_table,
    "charge": charge_table,
    "plan": plan_table,
}
_STATUS = {
    subject: select(table.c.status).where(table.c.id == bindparam("subject")).with_for_update()
    for subject, table in _TABLES.items()
}
_IDS: Any = bindparam("ids", expanding=True)
_STATUSES = {
    subject: select(table.c.id, table.c.status)
    .where(table.c.id.in_(_IDS))
    .order_by(table.c.id)
    .with_for_update()
    for subject, table in _TABLES.items()
}
_ALL_STEPS = (
    select(transition_table)
    .where(transition_table.c.subject == bindparam("of"), transition_table.c.subject_id.in_(_IDS))
    .order_by(transition_table.c.subject_id, transition_table.c.seq)
)
"""Made once: building a statement costs more than running it."""

MOVES: dict[str, dict[str, tuple[str, ...]]] = {
    "promise": {
        "open": ("kept", "partial", "broken", "cancelled"),
        "kept": ("open", "partial", "broken"),
        "partial": ("kept", "broken"),
        "broken": ("kept", "partial"),
    },
    "mandate": {
        "draft": ("requested", "cancelled"),
        "requested": ("authorized", "cancelled", "expired"),
        "authorized": ("submitted", "rejected", "cancelled", "expired"),
        "submitted": ("active", "rejected", "cancelled", "expired"),
        "active": ("suspended", "disputed", "cancelled", "expired"),
        "suspended": ("active", "cancelled", "expired"),
        "disputed": ("active", "cancelled", "expired"),
    },
    "charge": {
        "planned": ("notified", "cancelled"),
        "notified": ("submitting", "planned", "cancelled"),
        "submitting": ("submitted", "unknown", "notified", "returned", "cancelled"),
        "submitted": ("processing", "collected", "returned", "cancelled", "unknown"),
        "processing": ("collected", "returned", "cancelled", "unknown"),
        "unknown": ("submitted", "processing", "collected", "returned", "cancelled", "notified"),
        "collected": ("settled", "reversed"),
        "settled": ("reversed",),
    },
    "plan": {
        "offered": ("active", "cancelled"),
        "active": ("kept", "broken", "cancelled"),
        "kept": ("active", "broken"),
        "broken": ("active", "kept", "cancelled"),
    },
}
"""A plan's outcome follows from the ledger: money that is reported late, or taken back, moves it back."""


class IllegalMove(Exception):
    """The table of moves has no such move: a fault of the program, not of the moment."""

    def __init__(self, subject: str, from_status: str, to: str) -> None:
        super().__init__(f"a {subject} does not go from {from_status} to {to}")


class LostRace(Exception):
    """Somebody else moved it first."""

    def __init__(self, subject: str, subject_id: int, to: str) -> None:
        super().__init__(
            f"{subject} {subject_id} was moved by another before it could go to {to}: read it again"
        )


def begin(
    connection: Connection,
    subject: str,
    subject_id: int,
    status: str,
    *,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
) -> None:
    """The first row of a new subject's history."""
    _write_step(connection, subject, subject_id, 1, None, status, at, actor, data, "")


def move(
    connection: Connection,
    subject: str,
    subject_id: int,
    to: str,
    *,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
    **values: Any,
) -> str:
    """Moves it, with `values` for other columns of its row; the state it came from. Raises IllegalMove,
    LostRace.
    """
    status = str(connection.scalar(_STATUS[subject], {"subject": subject_id}))
    if to not in MOVES[subject].get(status, ()):
        raise IllegalMove(subject, status, to)
    given = {f"new_{name}": value for name, value in values.items()}
    if (
        connection.execute(
            _moves(subject, tuple(values)), {"subject": subject_id, "was": status, "to": to, **given}
        ).rowcount
        != 1
    ):
        raise LostRace(subject, subject_id, to)
    seq, sealed = _after(subject, subject_id, *_last_steps(connection, subject, subject_id))
    _write_step(connection, subject, subject_id, seq, status, to, at, actor, data, sealed)
    return status


@dataclass(frozen=True, slots=True)
class Move:
    subject_id: int
    data: Mapping[str, Any]
    values: Mapping[str, Any]
    """For other columns of its row; all of one call name the same."""


def move_many(
    connection: Connection, subject: str, moves: Sequence[Move], to: str, *, at: datetime, actor: str
) -> None:
    """The same for many in five statements: all or none. Raises IllegalMove, LostRace."""
    if not moves:
        return
    ids = sorted(move.subject_id for move in moves)
    statuses: dict[int, str] = dict(connection.execute(_STATUSES[subject], {"ids": ids}).all())
    if gone := set(ids) - set(statuses):
        raise LostRace(subject, min(gone), to)
    for status in set(statuses.values()):
        if to not in MOVES[subject].get(status, ()):
            raise IllegalMove(subject, status, to)
    moved = [
        {
            "subject": move.subject_id,
            "was": statuses[move.subject_id],
            "to": to,
            **{f"new_{name}": value for name, value in move.values.items()},
        }
        for move in moves
    ]
    connection.execute(_moves(subject, tuple(moves[0].values)), moved)
    steps: dict[int, list[AnyRow]] = defaultdict(list)
    for step in connection.execute(_ALL_STEPS, {"of": subject, "ids": ids}):
        steps[step.subject_id].append(step)
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    rows = []
    for move in moves:
        known = steps[move.subject_id][-2:]
        seq, sealed = _after(
            subject, move.subject_id, known[-1] if known else None, known[0].hash if known[1:] else ""
        )
        rows.append(
            _step(subject, move.subject_id, seq, statuses[move.subject_id], to, at, actor, move.data, sealed)
        )
    connection.execute(_STEP, rows)


def _last_steps(connection: Connection, subject: str, subject_id: int) -> tuple[AnyRow | None, str]:
    """The last step, and the hash of the one before it."""
    rows = connection.execute(_STEPS, {"of": subject, "of_id": subject_id}).all()
    return (rows[0] if rows else None), (rows[1].hash if len(rows) > 1 else "")


def _write_step(
    connection: Connection,
    subject: str,
    subject_id: int,
    seq: int,
    from_status: str | None,
    to: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
    previous: str,
) -> None:
    at = at.replace(microsecond=at.microsecond // 1000 * 1000)
    connection.execute(_STEP, _step(subject, subject_id, seq, from_status, to, at, actor, data, previous))


def _after(subject: str, subject_id: int, last: AnyRow | None, before: str) -> tuple[int, str]:
    """The number of the next step, and the hash that it follows."""
    if last is None:
        return 1, ""
    sealed = last.hash or history_hash(
        before, subject, subject_id, last.seq, last.to_status, last.at, last.actor, last.data
    )
    return last.seq + 1, sealed


def _step(
    subject: str,
    subject_id: int,
    seq: int,
    from_status: str | None,
    to: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
    previous: str,
) -> dict[str, Any]:
    return {
        "subject": subject,
        "subject_id": subject_id,
        "seq": seq,
        "from_status": from_status,
        "to_status": to,
        "at": at,
        "actor": actor,
        "data": dict(data),
        "hash": history_hash(previous, subject, subject_id, seq, to, at, actor, data),
    }


def history_hash(
    previous: str,
    subject: str,
    subject_id: int,
    seq: int,
    to: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
) -> str:
    """SHA-256 over a step and the hash before it: 64 hex digits. Times count to the millisecond."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds")
    step = [previous, subject, subject_id, seq, to, moment, actor, dict(data)]
    return hashlib.sha256(json.dumps(step, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def subject_tables() -> Mapping[str, Any]:
    """The tables of what has a history."""
    return _TABLES


@lru_cache(maxsize=64)
def _moves(subject: str, names: tuple[str, ...]) -> Update:
    table = _TABLES[subject]
    mine = (table.c.id == bindparam("subject")) & (table.c.status == bindparam("was"))
    return (
        update(table)
        .where(mine)
        .values({"status": bindparam("to"), **{name: bindparam(f"new_{name}") for name in names}})
    )
