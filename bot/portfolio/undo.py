"""The last tape, taken back: its loans stand as they stood before, by new entries, where nothing followed
from it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from bot.audit import record
from bot.services import Services
from models import (
    borrower_table,
    index_names,
    instalment_table,
    loan_table,
    read_tx,
    tape_before_table,
    tape_load_table,
    write_tx,
)
from models.base import AnyRow
from models.instalment import COMPONENTS
from models.ledger import AdjustedInstalment, AdjustedLoan, adjust_loans, refresh_statuses

BATCH = 500
_TAPE = ("as_of", "known_until", "tape_paid_centavos", "tape_hash")
_LOAN = (
    "product",
    "opened_on",
    "lender",
    "pay_clabe",
    "pay_reference",
    "cash_reference",
    "tags",
    "guarantor_name",
    "guarantor_phone",
    *_TAPE,
)
_BORROWER = (
    "name",
    "birth_date",
    "curp",
    "rfc",
    "email",
    "state",
    "municipality",
    "zone",
    "language",
    "preferred_channel",
    "as_of",
)


_TIMES: Mapping[str, type[date]] = {
    "opened_on": date,
    "as_of": date,
    "birth_date": date,
    "known_until": datetime,
}


class CannotUndo(ValueError):
    """Something followed from the load, or it is not the last one."""

    def __init__(self, load_id: int, because: str) -> None:
        super().__init__(f"tape {load_id} cannot be undone: {because}")
        self.because = because


def snapshot(connection: Connection, loan_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Loans with their borrowers and instalments, as JSON values."""
    if not loan_ids:
        return {}
    of_borrower = [borrower_table.c[name].label(f"borrower_{name}") for name in _BORROWER]
    query = (
        select(
            loan_table.c.id, loan_table.c.borrower_id, *(loan_table.c[name] for name in _LOAN), *of_borrower
        )
        .join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .where(loan_table.c.id.in_(loan_ids))
    )
    kept = {
        row.id: {
            "loan": {name: _json(getattr(row, name)) for name in _LOAN},
            "borrower_id": row.borrower_id,
            "borrower": {name: _json(getattr(row, f"borrower_{name}")) for name in _BORROWER},
            "instalments": list[Any](),
        }
        for row in connection.execute(query)
    }
    parts = [instalment_table.c[f"unpaid_{part}"] for part in COMPONENTS]
    instalments = select(
        instalment_table.c.loan_id,
        instalment_table.c.number,
        instalment_table.c.due_date,
        instalment_table.c.amount_centavos,
        *parts,
    ).where(instalment_table.c.loan_id.in_(loan_ids))
    for loan, number, due, amount, *unpaid in connection.execute(instalments):
        kept[loan]["instalments"].append([number, due.isoformat(), amount, unpaid])
    return kept


def keep_before(
    connection: Connection, load_id: int, before: Mapping[int, Any], opened: Sequence[int]
) -> None:
    """Once the loans are written. Only the last load is kept: an earlier one is not undone any more."""
    connection.execute(delete(tape_before_table).where(tape_before_table.c.load_id < load_id))
    ids = sorted({*before, *opened})
    heads = select(loan_table.c.id, loan_table.c.ledger_seq).where(loan_table.c.id.in_(ids))
    rows = [
        {"load_id": load_id, "loan_id": loan, "seq": seq, "before": before.get(loan)}
        for loan, seq in connection.execute(heads)
    ]
    if rows:
        connection.execute(insert(tape_before_table), rows)


def undo_load(services: Services, load_id: int, by: str) -> int:
    """How many loans were taken back. Raises CannotUndo."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        _check(connection, load_id)
        count = 0
        for rows in _batches(connection, load_id):
            _take_back(connection, services, rows, now, by)
            count += len(rows)
        connection.execute(delete(tape_before_table).where(tape_before_table.c.load_id == load_id))
        connection.execute(
            update(tape_load_table)
            .where(tape_load_table.c.id == load_id)
            .values(status="undone", ended_at=now, confirmed_by=by)
        )
        record(connection, now, by, "tape.undone", f"tape:{load_id}")
    return count


def may_undo(services: Services, load_id: int) -> bool:
    with read_tx(services.engine) as connection:
        try:
            _check(connection, load_id)
        except CannotUndo:
            return False
    return True


def _check(connection: Connection, load_id: int) -> None:
    status = connection.scalar(
        select(tape_load_table.c.status).where(tape_load_table.c.id == load_id).with_for_update()
    )
    if status != "loaded":
        raise CannotUndo(load_id, "it was not loaded")
    mine = tape_before_table.c.load_id == load_id
    if not connection.scalar(select(func.count()).where(mine)):
        raise CannotUndo(load_id, "it changed nothing, or another tape was loaded since")
    followed = connection.scalar(
        select(func.count())
        .select_from(tape_before_table.join(loan_table, loan_table.c.id == tape_before_table.c.loan_id))
        .where(mine, loan_table.c.ledger_seq != tape_before_table.c.seq)
    )
    if followed:
        raise CannotUndo(load_id, f"{followed} of its loans have entries since")


def _batches(connection: Connection, load_id: int) -> Iterator[Sequence[AnyRow]]:
    last = 0
    while True:
        query = (
            select(tape_before_table)
            .where(tape_before_table.c.load_id == load_id, tape_before_table.c.loan_id > last)
            .order_by(tape_before_table.c.loan_id)
            .limit(BATCH)
        )
        rows = connection.execute(query).all()
        if not rows:
            return
        yield rows
        last = rows[-1].loan_id


def _take_back(
    connection: Connection, services: Services, rows: Sequence[AnyRow], now: datetime, by: str
) -> None:
    today = services.day(now)
    wanted = {row.loan_id: AdjustedLoan(_instalments(row.before), today, now) for row in rows}
    adjust_loans(connection, wanted, now, by)
    for row in rows:
        before = row.before or {"loan": dict.fromkeys(_TAPE)}
        _restore(connection, loan_table, row.loan_id, before["loan"])
        if row.before:
            _restore(connection, borrower_table, before["borrower_id"], before["borrower"])
    people = {row.before["borrower_id"]: row.before["borrower"]["name"] for row in rows if row.before}
    index_names(connection, people)
    refresh_statuses(connection, today, now, [row.loan_id for row in rows])


def _instalments(before: Mapping[str, Any] | None) -> list[AdjustedInstalment]:
    return [
        AdjustedInstalment(
            number, date.fromisoformat(due), amount, dict(zip(COMPONENTS, unpaid, strict=True))
        )
        for number, due, amount, unpaid in (before or {}).get("instalments", ())
    ]


def _restore(connection: Connection, table: Table, row_id: int, values: Mapping[str, Any]) -> None:
    typed = {name: _typed(name, value) for name, value in values.items()}
    connection.execute(update(table).where(table.c.id == row_id).values(**typed))


def _typed(name: str, value: Any) -> Any:
    if value is None or name not in _TIMES:
        return value
    return _TIMES[name].fromisoformat(value)


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
