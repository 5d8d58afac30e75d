"""Promises are judged by the ledger: kept, partial or broken by what was paid since they were made."""

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select

from models.base import AnyRow
from models.contact_point import ContactPoint
from models.event import Event
from models.ledger.append import append_many
from models.ledger.entry import NewEntry
from models.ledger_entry import LedgerEntry, Posting
from models.loan import Loan
from models.promise import Promise
from models.transitions import move
from models.upsert import insert_new

_R, _E, _P, _L, _V, _C = (m.__table__ for m in (Promise, LedgerEntry, Posting, Loan, Event, ContactPoint))
BATCH = 500


def judge_promises(connection: Connection, loan_id: int, at: datetime, today: date) -> bool:
    """Judges this loan's open promise, if it has one: kept as soon as it is covered. Whether it was kept just now."""
    return "kept" in _judge(connection, connection.execute(select(_R).where(_R.c.loan_id == loan_id, _R.c.status == "open")).all(), at, today)


def expire_promises(connection: Connection, today: date, at: datetime) -> int:
    """Judges a batch of those whose grace is over; how many."""
    query = select(_R).where(_R.c.status == "open", _R.c.expires_on < today).order_by(_R.c.expires_on).limit(BATCH)
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
        data = {"promise": row.id, "promised": row.amount, "paid": paid.get(row.id, 0), "due_date": row.due_date.isoformat()}
        move(connection, "promise", row.id, fate, at=at, actor="system:promises", data=data)
        entries[row.loan_id].append(NewEntry(f"promise.{fate}", data, "system:promises", key=f"promise:{row.id}:{fate}"))
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
        select(_R.c.id, func.sum(_P.c.amount))
        .select_from(_R.join(_E, (_E.c.loan_id == _R.c.loan_id) & (_E.c.at >= _R.c.made_at)).join(_P, _P.c.entry_id == _E.c.id))
        .where(_R.c.id.in_([row.id for row in rows]), _P.c.account == "bank")
        .group_by(_R.c.id)
    )
    return {promise: int(amount) for promise, amount in connection.execute(legs)}


def _tell(connection: Connection, entries: dict[int, list[NewEntry]], at: datetime) -> None:
    """Queues the news for the borrower's conversation: a sweep never changes a conversation itself. That one was kept is told with the payment."""
    rank = func.row_number().over(partition_by=_L.c.id, order_by=(_C.c.confirmed_at.desc().nulls_last(), _C.c.id.desc()))
    reachable = (
        select(_L.c.id.label("loan_id"), _C.c.conversation_id, rank.label("rank"))
        .select_from(_L.join(_C, _C.c.borrower_id == _L.c.borrower_id))
        .where(_L.c.id.in_(list(entries)), _C.c.status.in_(("unverified", "confirmed")))
        .subquery()
    )
    where = dict(connection.execute(select(reachable.c.loan_id, reachable.c.conversation_id).where(reachable.c.rank == 1)).all())
    rows = [
        {"conversation_id": where[loan], "loan_id": loan, "kind": entry.kind, "data": dict(entry.data), "key": entry.key, "not_before": at,
         "attempts": 0, "created_at": at}
        for loan, told in entries.items() if loan in where for entry in told if entry.kind != "promise.kept"
    ]  # fmt: skip
    if rows:
        connection.execute(insert_new(connection, _V, ("key",)), rows)
