"""Promises are judged by the ledger: kept, partial or broken by what was paid since they were made."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, or_, select

from models.base import AnyRow
from models.contact_point import contact_point_table
from models.event import event_table
from models.ledger.append import append_many
from models.ledger.entry import NewEntry
from models.ledger_entry import ledger_entry_table, posting_table
from models.loan import loan_table
from models.promise import promise_table
from models.transitions import move
from models.upsert import insert_new

BATCH = 500


def judge_promises(connection: Connection, loan_id: int, at: datetime, today: date) -> bool:
    """Judges this loan's open promise, if it has one: kept as soon as it is covered. Whether it was kept just
    now.
    """
    return "kept" in _judge(
        connection,
        connection.execute(
            select(promise_table).where(promise_table.c.loan_id == loan_id, promise_table.c.status == "open")
        ).all(),
        at,
        today,
    )


def expire_promises(connection: Connection, today: date, at: datetime) -> int:
    """Judges a batch of those whose grace is over; how many."""
    query = (
        select(promise_table)
        .where(promise_table.c.status == "open", promise_table.c.expires_on < today)
        .order_by(promise_table.c.expires_on)
        .limit(BATCH)
    )
    rows = connection.execute(query).all()
    _judge(connection, rows, at, today)
    return len(rows)


def _judge(connection: Connection, rows: Any, at: datetime, today: date) -> set[str]:
    """The fates that were decided."""
    if not rows:
        return set()
    paid = _paid_since(connection, rows)
    entries: dict[int, list[NewEntry]] = defaultdict(list)
    fates: dict[int, tuple[str, AnyRow]] = {}
    for row in rows:
        if (fate := _fate(row, paid.get(row.id, 0), today)) is None:
            continue
        data = {
            "promise": row.id,
            "promised": row.amount,
            "paid": paid.get(row.id, 0),
            "due_date": row.due_date.isoformat(),
        }
        move(connection, "promise", row.id, fate, at=at, actor="system:promises", data=data)
        entries[row.loan_id].append(
            NewEntry(f"promise.{fate}", data, "system:promises", key=f"promise:{row.id}:{fate}")
        )
        fates[row.loan_id] = (fate, row)
    if entries:
        append_many(connection, entries, at)
        _tell(connection, entries, at)
    return {fate for fate, _ in fates.values()}


def _fate(row: AnyRow, paid: int, today: date) -> str | None:
    if paid >= row.amount:
        return "kept"
    if row.expires_on >= today:
        return None
    return "partial" if paid > 0 else "broken"


def _paid_since(connection: Connection, rows: Any) -> dict[int, int]:
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


def _tell(connection: Connection, entries: dict[int, list[NewEntry]], at: datetime) -> None:
    """Queues the news for the borrower's conversation: a sweep never changes a conversation itself. That one
    was kept is told with the payment.
    """
    rank = func.row_number().over(
        partition_by=loan_table.c.id,
        order_by=(contact_point_table.c.confirmed_at.desc().nulls_last(), contact_point_table.c.id.desc()),
    )
    reachable = (
        select(loan_table.c.id.label("loan_id"), contact_point_table.c.conversation_id, rank.label("rank"))
        .select_from(
            loan_table.join(
                contact_point_table, contact_point_table.c.borrower_id == loan_table.c.borrower_id
            )
        )
        .where(
            loan_table.c.id.in_(list(entries)), contact_point_table.c.status.in_(("unverified", "confirmed"))
        )
        .subquery()
    )
    where = dict(
        connection.execute(
            select(reachable.c.loan_id, reachable.c.conversation_id).where(reachable.c.rank == 1)
        ).all()
    )
    rows = [
        {
            "conversation_id": where[loan],
            "loan_id": loan,
            "kind": entry.kind,
            "data": dict(entry.data),
            "key": entry.key,
            "not_before": at,
            "attempts": 0,
            "created_at": at,
        }
        for loan, told in entries.items()
        if loan in where
        for entry in told
        if entry.kind != "promise.kept"
    ]
    if rows:
        connection.execute(insert_new(connection, event_table, ("key",)), rows)
