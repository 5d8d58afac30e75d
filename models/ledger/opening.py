"""Loans enter the ledger: `loan.opened`, with what each instalment owes as receivables."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from models.instalment import COMPONENTS, instalment_table
from models.ledger.append import append_many, write_sums
from models.ledger.books import PAID_BEFORE
from models.ledger.entry import Leg, NewEntry
from models.upsert import insert_plain

_COLUMNS = (
    "loan_id",
    "number",
    "due_date",
    "amount_centavos",
    *(f"unpaid_{part}" for part in COMPONENTS),
)


@dataclass(frozen=True, slots=True)
class InstalmentOpening:
    """Amounts in centavos; `unpaid` by component."""

    number: int
    due_date: date
    amount: int
    unpaid: dict[str, int]


@dataclass(frozen=True, slots=True)
class LoanOpening:
    loan_id: int
    instalments: Sequence[InstalmentOpening]
    actor: str
    as_of: date


def open_loans(connection: Connection, openings: Sequence[LoanOpening], at: datetime) -> None:
    """Writes instalments and `loan.opened` for a batch of loans whose rows exist, in a handful of
    statements.
    """
    rows: list[tuple[int | str, ...]] = [
        (
            loan.loan_id,
            i.number,
            i.due_date.isoformat(),
            i.amount,
            *(i.unpaid.get(part, 0) for part in COMPONENTS),
        )
        for loan in openings
        for i in loan.instalments
    ]
    if rows:
        insert_plain(connection, instalment_table, _COLUMNS, rows)
    append_many(connection, {loan.loan_id: [_opened(loan)] for loan in openings}, at, opening=True)
    write_sums(connection, {loan.loan_id: _owed(loan) for loan in openings})


def _owed(loan: LoanOpening) -> list[tuple[date, int]]:
    ordered = sorted(loan.instalments, key=lambda each: (each.due_date, each.number))
    return [(each.due_date, unpaid) for each in ordered if (unpaid := sum(each.unpaid.values()))]


def _opened(loan: LoanOpening) -> NewEntry:
    """What the tape counts as paid already stands in its own account: a report of it pays nothing again."""
    legs = [
        Leg(f"receivable:{i.number}:{part}", amount)
        for i in loan.instalments
        for part in COMPONENTS
        if (amount := i.unpaid.get(part, 0))
    ]
    total = sum(leg.centavos for leg in legs)
    due = sum(each.amount for each in loan.instalments)
    other = [Leg(PAID_BEFORE, due - total), Leg("funding", -due)]
    schedule = [[i.number, i.due_date.isoformat(), i.amount] for i in loan.instalments]
    data = {"as_of": loan.as_of.isoformat(), "amount": total, "schedule": schedule}
    return NewEntry(
        "loan.opened",
        data,
        loan.actor,
        [*legs, *(leg for leg in other if leg.centavos)],
        key=f"opened:{loan.loan_id}",
    )
