"""A loan that is loaded again: the tape is the lender's truth at its day, and what the ledger holds since
then stays.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.portfolio.errors import RowError
from bot.portfolio.staging import Head
from bot.portfolio.tape import TapeLoan
from bot.reach import NewTask, open_tasks
from bot.services import Services
from models import (
    borrower_table,
    hold_table,
    ledger_entry_table,
    loan_table,
    posting_table,
)
from models.base import AnyRow
from models.ledger import AdjustedInstalment, AdjustedLoan, NewEntry, adjust_loans, append_many
from models.ledger.payments import MONEY_IN

LARGE_ADJUSTMENT = 50_000
"""Centavos: an adjustment this large is a case for a person."""

Loaded = Literal["unchanged", "updated", "adjusted"]


def refusals(connection: Connection, heads: Sequence[Head]) -> dict[str, RowError]:
    """By loan: why one that is here already may not be loaded like this."""
    held = select(loan_table.c.external_id, borrower_table.c.external_id.label("borrower")).join(
        borrower_table, borrower_table.c.id == loan_table.c.borrower_id
    )
    found = {
        row.external_id: row.borrower
        for row in connection.execute(
            held.where(loan_table.c.external_id.in_([head.loan_id for head in heads]))
        )
    }
    refused: dict[str, RowError] = {}
    for head in heads:
        if (borrower := found.get(head.loan_id)) is None:
            continue
        if borrower != head.borrower_id:
            refused[head.loan_id] = RowError(
                head.line, "borrower_id", f"is not the borrower of loan {head.loan_id}, who is {borrower}"
            )
        elif head.as_of is None:
            refused[head.loan_id] = RowError(
                head.line, "as_of", f"is required: loan {head.loan_id} is loaded again"
            )
    return refused


def bring(
    connection: Connection,
    services: Services,
    loans: Sequence[tuple[TapeLoan, AnyRow]],
    now: datetime,
    actor: str,
) -> dict[Loaded, int]:
    """Brings loans that are here to what the tape says, in a handful of statements: only what nothing
    explains is adjusted.

    An older tape, or the same one again, changes nothing.
    """
    said = {
        row.id: loan for loan, row in sorted(loans, key=lambda pair: pair[1].id) if _is_news(loan, row)
    }  # loans are locked in the order of their ids
    done: dict[Loaded, int] = {"unchanged": len(loans) - len(said), "updated": 0, "adjusted": 0}
    if not said:
        return done
    since = _paid_since(connection, services, said)
    wanted = {
        loan_id: AdjustedLoan(_instalments(loan, since.get(loan_id, {})), _day(loan), loan.whole)
        for loan_id, loan in said.items()
    }
    moved = adjust_loans(connection, wanted, now, actor)
    connection.execute(_SAID, [_terms(loan_id, loan) for loan_id, loan in said.items()])
    place_holds(connection, {loan_id: loan.holds for loan_id, loan in said.items() if loan.holds}, now, actor)
    large = [
        NewTask(
            "large_adjustment",
            now,
            key=f"adjusted:{loan_id}:{_day(said[loan_id])}",
            loan_id=loan_id,
            data={"amount": amount, "as_of": _day(said[loan_id]).isoformat()},
        )
        for loan_id, amount in moved.items()
        if amount >= LARGE_ADJUSTMENT
    ]
    open_tasks(connection, large)
    return done | {"updated": len(said) - len(moved), "adjusted": len(moved)}


def _day(loan: TapeLoan) -> date:
    assert loan.first.as_of is not None, "a loan without a day was not refused"
    return loan.first.as_of


def _is_news(loan: TapeLoan, row: AnyRow) -> bool:
    as_of = _day(loan)
    return (
        row.as_of is None
        or as_of > row.as_of
        or (as_of == row.as_of and row.tape_hash not in (None, loan.hash))
    )


def _instalments(loan: TapeLoan, since: Mapping[str, int]) -> list[AdjustedInstalment]:
    """What the tape says, less what was paid since."""
    return [
        AdjustedInstalment(
            r.number,
            r.due_date,
            r.amount,
            {
                part: max(0, amount + since.get(f"receivable:{r.number}:{part}", 0))
                for part, amount in r.unpaid.items()
            },
        )
        for r in loan.rows
    ]


_TERMS = (
    "product",
    "opened_on",
    "lender",
    "pay_clabe",
    "pay_reference",
    "cash_reference",
    "guarantor_name",
    "guarantor_phone",
)
_SAID = (
    update(loan_table)
    .where(loan_table.c.id == bindparam("loan"))
    .values(
        as_of=bindparam("day"),
        tape_hash=bindparam("hash"),
        **{
            name: func.coalesce(bindparam(f"said_{name}", type_=loan_table.c[name].type), loan_table.c[name])
            for name in _TERMS
        },
    )
)
"""What a tape leaves out stays."""


def _terms(loan_id: int, loan: TapeLoan) -> dict[str, object]:
    return {"loan": loan_id, "day": _day(loan), "hash": loan.hash} | {
        f"said_{name}": loan.first.loan.get(name) for name in _TERMS
    }


def place_holds(
    connection: Connection, wanted: Mapping[int, Sequence[str]], now: datetime, actor: str
) -> None:
    """Places the lender's own holds that do not stand yet. A tape lifts none: others may have placed it
    since.
    """
    open_ones = select(hold_table.c.loan_id, hold_table.c.kind).where(
        hold_table.c.loan_id.in_(list(wanted)), hold_table.c.lifted_at.is_(None)
    )
    standing = (
        {(loan, kind) for loan, kind in connection.execute(open_ones)} if any(wanted.values()) else set()
    )
    new = {loan: [kind for kind in kinds if (loan, kind) not in standing] for loan, kinds in wanted.items()}
    if rows := [
        {"loan_id": loan, "kind": kind, "placed_at": now} for loan, kinds in new.items() for kind in kinds
    ]:
        connection.execute(insert(hold_table), rows)
        append_many(
            connection,
            {
                loan: [NewEntry("hold.placed", {"hold": kind}, actor) for kind in kinds]
                for loan, kinds in new.items()
                if kinds
            },
            now,
        )


def _paid_since(
    connection: Connection, services: Services, said: Mapping[int, TapeLoan]
) -> dict[int, dict[str, int]]:
    """By loan and account: what payments dated after the tape's day, which it cannot know, have moved."""
    undo = ledger_entry_table.alias("undo")
    query = (
        select(
            ledger_entry_table.c.loan_id,
            ledger_entry_table.c.data,
            posting_table.c.account,
            posting_table.c.amount,
        )
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(
            ledger_entry_table.c.loan_id.in_(list(said)),
            ledger_entry_table.c.kind.in_(MONEY_IN),
            ~select(undo.c.id).where(undo.c.reverses_id == ledger_entry_table.c.id).exists(),
        )
    )
    moved: dict[int, dict[str, int]] = {}
    for loan_id, data, account, amount in connection.execute(query):
        if services.day(datetime.fromisoformat(data["paid_at"])) > _day(said[loan_id]):
            accounts = moved.setdefault(loan_id, {})
            accounts[account] = accounts.get(account, 0) + amount
    return moved
