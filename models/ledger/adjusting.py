"""A tape is the lender's truth at its moment: what the ledger's own money does not explain becomes
`loan.adjusted`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, bindparam, insert, update

from models.instalment import COMPONENTS, instalment_table
from models.ledger.append import append_many, summarise
from models.ledger.books import Books, read_allocated, read_books
from models.ledger.entry import NewEntry
from models.ledger.standing import read_standing
from models.ledger.tape import Adjustment, TapeInstalment, compare


@dataclass(frozen=True, slots=True)
class AdjustedInstalment:
    """What the tape says of an instalment; amounts in centavos, `unpaid` by component."""

    number: int
    due_date: date
    amount: int
    unpaid: dict[str, int]


@dataclass(frozen=True, slots=True)
class AdjustedLoan:
    """Where the tape is `whole`, an instalment that it does not name owes nothing any more."""

    instalments: Sequence[AdjustedInstalment]
    as_of: date
    known_until: datetime
    """The last moment that it can describe: the end of its day, or when it was loaded."""
    whole: bool = True


def adjust_loans(
    connection: Connection, wanted: Mapping[int, AdjustedLoan], at: datetime, actor: str
) -> dict[int, Adjustment]:
    """Brings the books of loans to what the tape says, in a handful of statements.

    Answers, by loan, what was written; one where nothing moved is left out, and nothing is written to its
    ledger.
    """
    books = read_books(connection, wanted)
    standing = read_standing(connection, wanted)
    paid = read_allocated(connection, wanted)
    found = {
        loan: compare(
            books[loan],
            _instalments(tape, books[loan]),
            tape.known_until,
            standing.get(loan, ()),
            paid.get(loan, {}),
        )
        for loan, tape in wanted.items()
    }
    rescheduled = _reschedule(connection, wanted, books)
    moved = {loan: each for loan, each in found.items() if each.adjusted or each.reallocated}
    append_many(
        connection, {loan: _entries(wanted[loan].as_of, each, actor) for loan, each in moved.items()}, at
    )
    if only_days := sorted(rescheduled - moved.keys()):
        summarise(connection, only_days)
    return moved


def _instalments(tape: AdjustedLoan, books: Books) -> list[TapeInstalment]:
    """What the tape names, and of a part of a tape what it does not name as it stands; in order of days."""
    days = {part.number: part.due_date for part in tape.instalments}
    named = [TapeInstalment(part.number, part.amount, part.unpaid) for part in tape.instalments]
    if not tape.whole:
        for each in books.unpaid:
            if each.number not in days:
                row = books.instalments[each.number]
                days[each.number] = row.due_date
                named.append(TapeInstalment(each.number, row.amount_centavos, each.parts))
    return sorted(named, key=lambda each: (days[each.number], each.number))


def _reschedule(
    connection: Connection, wanted: Mapping[int, AdjustedLoan], books: Mapping[int, Books]
) -> set[int]:
    """Writes new instalments, and days and sums that changed; the loans where there were any. One that is
    gone owed no more than was paid of it.
    """
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    touched: set[int] = set()
    nothing = {f"unpaid_{name}": 0 for name in COMPONENTS}
    for loan, tape in wanted.items():
        for part in tape.instalments:
            row = books[loan].instalments.get(part.number)
            values = {"due_date": part.due_date, "amount_centavos": part.amount}
            if row is None:
                fresh.append({"loan_id": loan, "number": part.number, **values, **nothing})
            elif (row.due_date, row.amount_centavos) != (part.due_date, part.amount):
                changed.append({"of": row.id, **values})
            else:
                continue
            touched.add(loan)
        named = {part.number for part in tape.instalments}
        for gone in books[loan].unpaid if tape.whole else ():
            if gone.number not in named and (unpaid := sum(gone.parts.values())):
                row = books[loan].instalments[gone.number]
                changed.append(
                    {"of": row.id, "due_date": row.due_date, "amount_centavos": row.amount_centavos - unpaid}
                )
    if fresh:
        connection.execute(insert(instalment_table), fresh)
    if changed:
        statement = (
            update(instalment_table)
            .where(instalment_table.c.id == bindparam("of"))
            .values(due_date=bindparam("due_date"), amount_centavos=bindparam("amount_centavos"))
        )
        connection.execute(statement, changed)
    return touched


def _entries(as_of: date, found: Adjustment, actor: str) -> list[NewEntry]:
    day = as_of.isoformat()
    entries = []
    if found.reallocated:
        entries.append(NewEntry("payment.reallocated", {"as_of": day}, actor, found.reallocated))
    if found.adjusted:
        debt = sum(leg.centavos for leg in found.adjusted if leg.account.startswith("receivable:"))
        data = {"as_of": day, "amount": debt, "billed": found.billed, "paid": found.paid}
        entries.append(NewEntry("loan.adjusted", data, actor, found.adjusted))
    return entries
