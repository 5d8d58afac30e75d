"""A loan that is loaded again: the tape is the lender's truth at its day, and what the ledger holds since then stays."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, select, update

from bot.conversation.upsert import insert_new
from bot.portfolio.staging import Head
from bot.portfolio.tape import RowError, TapeLoan
from bot.services import Services
from models import Borrower, Hold, LedgerEntry, Loan, Posting, Task
from models.base import AnyRow
from models.ledger import AdjustedInstalment, NewEntry, adjust_loan, append_many
from models.ledger.payments import MONEY_IN

_B, _L, _H, _E, _G, _T = (m.__table__ for m in (Borrower, Loan, Hold, LedgerEntry, Posting, Task))
LARGE_ADJUSTMENT = 50_000
"""Centavos: an adjustment this large is a case for a person."""

Loaded = Literal["created", "unchanged", "updated", "adjusted"]


def refusals(connection: Connection, heads: Sequence[Head]) -> dict[str, RowError]:
    """By loan: why one that is here already may not be loaded like this."""
    held = select(_L.c.external_id, _B.c.external_id.label("borrower")).join(_B, _B.c.id == _L.c.borrower_id)
    found = {row.external_id: row.borrower for row in connection.execute(held.where(_L.c.external_id.in_([head.loan_id for head in heads])))}
    refused: dict[str, RowError] = {}
    for head in heads:
        if (borrower := found.get(head.loan_id)) is None:
            continue
        if borrower != head.borrower_id:
            refused[head.loan_id] = RowError(head.line, "borrower_id", f"is not the borrower of loan {head.loan_id}, who is {borrower}")
        elif head.as_of is None:
            refused[head.loan_id] = RowError(head.line, "as_of", f"is required: loan {head.loan_id} is loaded again")
    return refused


def bring(connection: Connection, services: Services, loan: TapeLoan, row: AnyRow, now: datetime, actor: str) -> Loaded:
    """Brings the loan to what the tape says: only what nothing explains is adjusted. An older tape, or the same one again, changes nothing."""
    as_of = loan.first.as_of
    assert as_of is not None, "a loan without a day was not refused"
    if row.as_of is not None and (as_of < row.as_of or (as_of == row.as_of and row.tape_hash in (None, loan.hash))):
        return "unchanged"
    since = _paid_since(connection, services, row.id, as_of)
    wanted = [
        AdjustedInstalment(
            r.number,
            r.due_date,
            r.amount,
            {part: max(0, amount + since.get(f"receivable:{r.number}:{part}", 0)) for part, amount in r.unpaid.items()},
        )
        for r in loan.rows
    ]
    moved = adjust_loan(connection, row.id, wanted, as_of, now, actor, whole=loan.whole)
    said = {name: value for name, value in loan.first.loan.items() if value is not None}
    connection.execute(update(_L).where(_L.c.id == row.id).values(as_of=as_of, tape_hash=loan.hash, **said))
    place_holds(connection, {row.id: loan.holds}, now, actor)
    if moved >= LARGE_ADJUSTMENT:
        task = {"kind": "large_adjustment", "loan_id": row.id, "data": {"amount": moved, "as_of": as_of.isoformat()},
                "key": f"adjusted:{row.id}:{as_of}", "created_at": now}  # fmt: skip
        connection.execute(insert_new(connection, _T, ("key",)), task)
    return "adjusted" if moved else "updated"


def place_holds(connection: Connection, wanted: Mapping[int, Sequence[str]], now: datetime, actor: str) -> None:
    """Places the lender's own holds that do not stand yet. A tape lifts none: others may have placed it since."""
    open_ones = select(_H.c.loan_id, _H.c.kind).where(_H.c.loan_id.in_(list(wanted)), _H.c.lifted_at.is_(None))
    standing = {(loan, kind) for loan, kind in connection.execute(open_ones)} if any(wanted.values()) else set()
    new = {loan: [kind for kind in kinds if (loan, kind) not in standing] for loan, kinds in wanted.items()}
    if rows := [{"loan_id": loan, "kind": kind, "placed_at": now} for loan, kinds in new.items() for kind in kinds]:
        connection.execute(insert(_H), rows)
        append_many(connection, {loan: [NewEntry("hold.placed", {"hold": kind}, actor) for kind in kinds] for loan, kinds in new.items() if kinds}, now)


def _paid_since(connection: Connection, services: Services, loan_id: int, as_of: date) -> dict[str, int]:
    """By account: what payments dated after `as_of`, which the tape cannot know, have moved."""
    undo = _E.alias("undo")
    query = (
        select(_E.c.data, _G.c.account, _G.c.amount)
        .join(_G, _G.c.entry_id == _E.c.id)
        .where(_E.c.loan_id == loan_id, _E.c.kind.in_(MONEY_IN), ~select(undo.c.id).where(undo.c.reverses_id == _E.c.id).exists())
    )
    moved: dict[str, int] = {}
    for data, account, amount in connection.execute(query):
        if services.day(datetime.fromisoformat(data["paid_at"])) > as_of:
            moved[account] = moved.get(account, 0) + amount
    return moved
