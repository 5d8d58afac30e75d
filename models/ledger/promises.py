"""Promises are judged by the ledger: kept, partial or broken by what was paid since they were made."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.base import AnyRow
from models.ledger.append import append_many
from models.ledger.entry import NewEntry
from models.ledger_entry import ledger_entry_table, posting_table
from models.promise import promise_table
from models.transitions import move

BATCH = 500
ACTOR = "system:promises"

Outcome = Literal["kept", "partial", "broken"]


@dataclass(frozen=True, slots=True)
class JudgedPromise:
    """What became of one; the caller tells its borrower."""

    loan_id: int
    outcome: Outcome
    key: str
    data: Mapping[str, Any]


def judge_promises(
    connection: Connection, loan_id: int, at: datetime, today: date
) -> tuple[JudgedPromise, ...]:
    """Judges this loan's open promise, if it has one: kept as soon as it is covered."""
    query = select(promise_table).where(promise_table.c.loan_id == loan_id, promise_table.c.status == "open")
    return _judge(connection, connection.execute(query).all(), at, today)


def expire_promises(connection: Connection, today: date, at: datetime) -> tuple[JudgedPromise, ...]:
    """Judges a batch of those whose grace is over."""
    query = (
        select(promise_table)
        .where(promise_table.c.status == "open", promise_table.c.expires_on < today)
        .order_by(promise_table.c.expires_on)
        .limit(BATCH)
    )
    return _judge(connection, connection.execute(query).all(), at, today)


def _judge(
    connection: Connection, rows: Sequence[AnyRow], at: datetime, today: date
) -> tuple[JudgedPromise, ...]:
    if not rows:
        return ()
    paid = paid_since_made(connection, rows)
    judged: list[JudgedPromise] = []
    for row in rows:
        if (outcome := _outcome(row, paid.get(row.id, 0), today)) is None:
            continue
        data = {
            "promise": row.id,
            "promised": row.amount,
            "paid": paid.get(row.id, 0),
            "due_date": row.due_date.isoformat(),
        }
        move(connection, "promise", row.id, outcome, at=at, actor=ACTOR, data=data)
        judged.append(JudgedPromise(row.loan_id, outcome, f"promise:{row.id}:{outcome}", data))
    entries: dict[int, list[NewEntry]] = defaultdict(list)
    for promise in judged:
        entries[promise.loan_id].append(
            NewEntry(f"promise.{promise.outcome}", promise.data, ACTOR, key=promise.key)
        )
    if entries:
        append_many(connection, entries, at)
    return tuple(judged)


def _outcome(row: AnyRow, paid: int, today: date) -> Outcome | None:
    if paid >= row.amount:
        return "kept"
    if row.expires_on >= today:
        return None
    return "partial" if paid > 0 else "broken"


def paid_since_made(connection: Connection, rows: Any) -> dict[int, int]:
    """By promise: money that came in since it was made, less what was reversed."""
    legs = (
        select(promise_table.c.id, func.sum(posting_table.c.amount))
        .select_from(
            promise_table.join(
                ledger_entry_table,
                (ledger_entry_table.c.loan_id == promise_table.c.loan_id)
                & (ledger_entry_table.c.at >= promise_table.c.made_at),
            ).join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        )
        .where(promise_table.c.id.in_([row.id for row in rows]), received())
        .group_by(promise_table.c.id)
    )
    return {promise: int(amount) for promise, amount in connection.execute(legs)}


def received() -> ColumnElement[bool]:
    """Postings of money that came in, whether the bank has it or a provider still does."""
    return or_(posting_table.c.account == "bank", posting_table.c.account.startswith("transit:"))
