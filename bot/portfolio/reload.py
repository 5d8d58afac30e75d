"""A loan that is loaded again: the tape is the lender's truth at its day, and what the ledger holds since
then stays.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, bindparam, func, insert, select, update

from bot.portfolio.errors import RowError
from bot.portfolio.names import are_two_people, name_key
from bot.portfolio.staging import Head
from bot.portfolio.tape import TapeLoan
from bot.reach import NewTask, open_tasks
from bot.services import Services
from models import borrower_table, hold_table, loan_table
from models.base import AnyRow
from models.ledger import (
    AdjustedInstalment,
    AdjustedLoan,
    Adjustment,
    NewEntry,
    adjust_loans,
    append_many,
)

LARGE_ADJUSTMENT = 50_000
"""Centavos: an adjustment this large is a case for a person."""

Loaded = Literal["updated", "adjusted"]


def refusals(connection: Connection, heads: Sequence[Head], today: date) -> dict[str, RowError]:
    """By loan: why it may not be loaded like this."""
    query = select(loan_table.c.external_id, borrower_table.c.external_id.label("borrower")).join(
        borrower_table, borrower_table.c.id == loan_table.c.borrower_id
    )
    found = {
        row.external_id: row.borrower
        for row in connection.execute(
            query.where(loan_table.c.external_id.in_([head.loan_id for head in heads]))
        )
    }
    people = {row.external_id: row for row in connection.execute(_PEOPLE, {"ids": _borrowers(heads)})}
    refused: dict[str, RowError] = {}
    for head in heads:
        error = _refusal(head, found.get(head.loan_id), today)
        if error := error or _another_person(head, people.get(head.borrower_id)):
            refused[head.loan_id] = error
    return refused


_PEOPLE = select(
    borrower_table.c.external_id, borrower_table.c.name, borrower_table.c.birth_date, borrower_table.c.as_of
).where(borrower_table.c.external_id.in_(bindparam("ids", expanding=True)))


def _borrowers(heads: Sequence[Head]) -> list[str]:
    return sorted({head.borrower_id for head in heads})


def _another_person(head: Head, known: AnyRow | None) -> RowError | None:
    """The birth date proves identity: an id does not pass to somebody else. What an older tape says of a
    person changes nothing, and is not held against it.
    """
    if known is None or (known.as_of and head.as_of and date.fromisoformat(head.as_of) < known.as_of):
        return None
    born = known.birth_date.isoformat() if known.birth_date else None
    if not are_two_people(name_key(known.name), born, head.name, head.born):
        return None
    return RowError(head.line, "borrower_id", "another_person", {}, head.loan_id, head.borrower_id)


def _refusal(head: Head, borrower: str | None, today: date) -> RowError | None:
    loan = {"loan": head.loan_id}
    if head.as_of is not None and date.fromisoformat(head.as_of) > today:
        return RowError(head.line, "as_of", "as_of_future", {}, head.loan_id, head.as_of)
    if borrower is None:
        return None
    if borrower != head.borrower_id:
        whose = loan | {"borrower": borrower}
        return RowError(head.line, "borrower_id", "not_the_borrower", whose, head.loan_id)
    return RowError(head.line, "as_of", "as_of_required", loan, head.loan_id) if head.as_of is None else None


def update_loans(
    connection: Connection,
    services: Services,
    loans: Sequence[tuple[TapeLoan, AnyRow]],
    now: datetime,
    actor: str,
) -> dict[Loaded, int]:
    """Changes loans that are here to what a newer tape says, in a handful of statements: only what nothing
    explains is adjusted, and what is large, or counts money as unpaid that we hold, is shown to a person.
    """
    tapes = {row.id: loan for loan, row in sorted(loans, key=lambda pair: pair[1].id)}
    if not tapes:
        return {"updated": 0, "adjusted": 0}
    wanted = {
        loan_id: AdjustedLoan(
            [AdjustedInstalment(row.number, row.due_date, row.amount, dict(row.unpaid)) for row in tape.rows],
            _day(tape),
            known_until(services, tape, now),
            tape.whole,
        )
        for loan_id, tape in tapes.items()
    }
    found = adjust_loans(connection, wanted, now, actor)
    connection.execute(
        _SET_TERMS, [_terms(loan_id, tape, wanted[loan_id]) for loan_id, tape in tapes.items()]
    )
    place_holds(
        connection, {loan_id: tape.holds for loan_id, tape in tapes.items() if tape.holds}, now, actor
    )
    cases = [_cases(loan_id, each, wanted[loan_id].as_of, now) for loan_id, each in found.items()]
    open_tasks(connection, [case for some in cases for case in some])
    adjusted = sum(bool(each.adjusted) for each in found.values())
    return {"updated": len(tapes) - adjusted, "adjusted": adjusted}


def _cases(loan_id: int, found: Adjustment, as_of: date, now: datetime) -> Iterator[NewTask]:
    """What moved much, or counts money as unpaid that we hold; and once, what was forgiven and the tape shows
    as owed.
    """
    legs = [leg.centavos for leg in found.adjusted if leg.account.startswith("receivable:")]
    data = {"amount": sum(legs), "as_of": as_of.isoformat(), **found.arithmetic}
    if sum(map(abs, legs)) >= LARGE_ADJUSTMENT or found.paid < 0:
        yield NewTask("large_adjustment", now, key=f"adjusted:{loan_id}:{as_of}", loan_id=loan_id, data=data)
    if found.doubted:
        key = f"forgiven:{loan_id}:{found.doubted}"
        data |= {"amount": found.doubted}
        yield NewTask("forgiven_not_known", now, key=key, loan_id=loan_id, data=data)


def _day(tape: TapeLoan) -> date:
    assert tape.first.as_of is not None, "a loan without a day was not refused"
    return tape.first.as_of


def known_until(services: Services, tape: TapeLoan, now: datetime) -> datetime:
    """The last moment that the tape can describe."""
    if tape.first.as_of is None:
        return now
    after = datetime.combine(
        tape.first.as_of + timedelta(days=1), time.min, ZoneInfo(services.settings.timezone)
    )
    return min(now, after - timedelta(milliseconds=1))


def is_news(tape: TapeLoan, row: AnyRow) -> bool:
    """Whether it says anything that a loan which is here does not know yet."""
    as_of = _day(tape)
    return (
        row.as_of is None
        or as_of > row.as_of
        or (as_of == row.as_of and row.tape_hash not in (None, tape.hash))
    )


_TERMS = (
    "product",
    "opened_on",
    "lender",
    "pay_clabe",
    "pay_reference",
    "cash_reference",
    "tags",
    "guarantor_name",
    "guarantor_phone",
)
_SET_TERMS = (
    update(loan_table)
    .where(loan_table.c.id == bindparam("loan"))
    .values(
        as_of=bindparam("day"),
        known_until=bindparam("known"),
        tape_hash=bindparam("hash"),
        **{
            name: func.coalesce(bindparam(f"new_{name}", type_=loan_table.c[name].type), loan_table.c[name])
            for name in _TERMS
        },
    )
)
"""What a tape leaves out stays."""


def _terms(loan_id: int, tape: TapeLoan, wanted: AdjustedLoan) -> dict[str, object]:
    values = {"loan": loan_id, "day": wanted.as_of, "known": wanted.known_until, "hash": tape.hash}
    return values | {f"new_{name}": tape.first.loan.get(name) for name in _TERMS}


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
