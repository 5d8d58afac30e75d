"""How a charge changes: locked, moved, recorded in the ledger, the borrower notified."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from bot.debit.charging.snapshot import DUE
from bot.debit.notices import take_back_notice
from bot.reach import News, NewTask, notify_borrower, open_task
from models import charge_table, instalment_table, loan_table, mandate_table, plan_instalment_table
from models.base import AnyRow
from models.ledger import Leg, NewEntry, append
from models.transitions import begin, move

SYSTEM = "system:charging"

_IDS: Any = bindparam("ids", expanding=True)
_THEIR_LOANS = select(charge_table.c.mandate_id, charge_table.c.loan_id).where(charge_table.c.id.in_(_IDS))
_LOCKS = [
    select(table.c.id).where(table.c.id.in_(_IDS)).order_by(table.c.id).with_for_update(key_share=True)
    for table in (mandate_table, loan_table)
]
_ROWS = (
    select(
        charge_table,
        instalment_table.c.number,
        DUE,
        loan_table.c.borrower_id,
        loan_table.c.external_id,
    )
    .select_from(
        charge_table.join(instalment_table, instalment_table.c.id == charge_table.c.instalment_id)
        .join(loan_table, loan_table.c.id == charge_table.c.loan_id)
        .outerjoin(plan_instalment_table, plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
    )
    .with_for_update(of=charge_table)
)
_CHARGE = _ROWS.where(charge_table.c.id == bindparam("charge"))
_CHARGES = _ROWS.where(charge_table.c.id.in_(_IDS)).order_by(charge_table.c.id)
"""Made once: building a statement costs more than running it."""


def lock(connection: Connection, charges: Collection[int]) -> None:
    """Their mandates and then their loans, each in the order of their ids, before any charge: the order in
    which a mandate is ended. A write transaction of SQLite's locks all there is.
    """
    if connection.dialect.name == "sqlite":
        return
    found = connection.execute(_THEIR_LOANS, {"ids": list(charges)}).all()
    mandates, loans = sorted({row.mandate_id for row in found}), sorted({row.loan_id for row in found})
    for statement, ids in zip(_LOCKS, (mandates, loans), strict=True):
        connection.execute(statement, {"ids": ids})


def fetch_locked(connection: Connection, charge: int) -> AnyRow:
    """A charge as it is once locked, with its instalment and loan."""
    lock(connection, [charge])
    return fetch(connection, charge)


def fetch(connection: Connection, charge: int) -> AnyRow:
    """The same, of one that is locked already."""
    return connection.execute(_CHARGE, {"charge": charge}).one()


def fetch_many(connection: Connection, charges: Sequence[int]) -> dict[int, AnyRow]:
    """By id, once they are locked."""
    lock(connection, charges)
    return {row.id: row for row in connection.execute(_CHARGES, {"ids": sorted(charges)})}


def facts(row: AnyRow, **more: Any) -> dict[str, Any]:
    """What the ledger records of a charge: ids, dates, amounts, codes."""
    part = {"plan_part": row.plan_instalment_id} if row.plan_instalment_id is not None else {}
    return {
        "charge": row.id,
        "instalment": row.number,
        **part,
        "attempt": row.attempt,
        "amount": row.amount,
        "charge_on": row.charge_on.isoformat(),
        **more,
    }


def transition(
    connection: Connection,
    row: AnyRow,
    to: str,
    at: datetime,
    *,
    actor: str = SYSTEM,
    because: Mapping[str, Any] | None = None,
    **values: Any,
) -> None:
    """Moves it, with `values` for other columns of its row; the ledger is written apart."""
    move(connection, "charge", row.id, to, at=at, actor=actor, data=dict(because or {}), **values)


def record(
    connection: Connection,
    row: AnyRow,
    kind: str,
    at: datetime,
    *,
    actor: str = SYSTEM,
    once: str = "",
    legs: Sequence[Leg] = (),
    **more: Any,
) -> None:
    """A fact for the ledger, once per charge (and `once`, where it may happen again)."""
    entry = NewEntry(kind, facts(row, **more), actor, legs, key=f"{kind}:{row.id}{once and ':' + once}")
    append(connection, row.loan_id, at, entry)


def cancel(
    connection: Connection, row: AnyRow, reason: str, at: datetime, *, actor: str = SYSTEM, **values: Any
) -> None:
    """It is not made; its notice is withdrawn where it has not left."""
    take_back_notice(connection, row, at)
    transition(connection, row, "cancelled", at, actor=actor, because={"reason": reason}, **values)
    record(connection, row, "charge.cancelled", at, actor=actor, reason=reason)


def send_news(
    connection: Connection, row: AnyRow, kind: str, at: datetime, *, once: str = "", **more: Any
) -> None:
    """Queues news for the borrower, once per charge (and `once`, where it may happen again)."""
    data = {"amount": row.amount, "loan": row.external_id, **more}
    notify_borrower(connection, News(row.loan_id, kind, f"{kind}:{row.id}{once and ':' + once}", data), at)


def open_case(
    connection: Connection, kind: str, key: str, at: datetime, loan_id: int | None = None, **data: Any
) -> None:
    """Once per key."""
    open_task(connection, NewTask(kind, at, key=f"{kind}:{key}", loan_id=loan_id, data=data))


def plan_retry(
    connection: Connection,
    row: AnyRow,
    retry: str,
    charge_on: date,
    at: datetime,
    unpaid: int,
    *,
    named: bool,
) -> None:
    """The next attempt, announced in its turn; `named`: its day is named to the borrower now."""
    folio = row.key.rsplit("-", 2)[0]
    attempt = row.attempt + 1
    again = {
        "mandate_id": row.mandate_id,
        "loan_id": row.loan_id,
        "instalment_id": row.instalment_id,
        "plan_instalment_id": row.plan_instalment_id,
        "attempt": attempt,
        "amount": unpaid,
        "status": "planned",
        "charge_on": charge_on,
        "planned_due_date": row.due_date,
        "expected_on": charge_on if named else None,
        "key": f"{folio}-{row.number}-{attempt}",
        "provider": row.provider,
        "retry": retry,
        "created_at": at,
    }
    charge = connection.execute(
        insert(charge_table).values(**again).returning(charge_table.c.id)
    ).scalar_one()
    begin(
        connection, "charge", charge, "planned", at=at, actor=SYSTEM, data={"reason": retry, "after": row.id}
    )
