"""A tape is the lender's truth at its moment: what the ledger's own money does not explain becomes
`loan.adjusted`.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, update

from models.instalment import COMPONENTS, instalment_table
from models.ledger.append import append_many, summarise
from models.ledger.books import Books, read_allocated, read_books
from models.ledger.entry import NewEntry
from models.ledger.standing import read_forgiven, read_left_over, read_standing, read_taken_back
from models.ledger.tape import Adjustment, Known, TapeInstalment, compare
from models.loan import loan_table

_COUNTED = (
    update(loan_table)
    .where(loan_table.c.id == bindparam("of"))
    .values(tape_paid_centavos=bindparam("counted"))
)
_FORGIVEN = {"waived", "written_off"}
Scheduled = tuple[int, date, int]
"""Of an instalment: number, due date, centavos in all."""


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
    """Corrects the books of loans to what the tape says, in a handful of statements.

    Answers, by loan, what was written, and which tape doubts what was forgiven; one where nothing moved is
    left out, and nothing is written to its ledger.
    """
    books = read_books(connection, wanted)
    known = _known(connection, books)
    found = {
        loan: compare(books[loan], _instalments(tape, books[loan]), tape.known_until, known[loan])
        for loan, tape in wanted.items()
    }
    rescheduled = _reschedule(connection, wanted, books)
    moved = {
        loan: each for loan, each in found.items() if each.adjusted or each.reallocated or loan in rescheduled
    }
    entries = {
        loan: _entries(wanted[loan].as_of, books[loan].loan.as_of, each, rescheduled.get(loan, ()), actor)
        for loan, each in moved.items()
    }
    append_many(connection, entries, at)
    if found:
        connection.execute(_COUNTED, [{"of": loan, "counted": each.counted} for loan, each in found.items()])
    if only_days := sorted(loan for loan, each in moved.items() if not each.adjusted):
        summarise(connection, only_days)
    return {loan: each for loan, each in found.items() if loan in moved or each.doubted}


def _known(connection: Connection, books: Mapping[int, Books]) -> dict[int, Known]:
    """What explains a tape, by loan."""
    standing, taken_back = read_standing(connection, books), read_taken_back(connection, books)
    paid = read_allocated(connection, books)
    forgave = {loan: each.written_off for loan, each in books.items() if _FORGIVEN & each.accounts.keys()}
    forgiven = read_forgiven(connection, forgave) if forgave else {}
    credited = [loan for loan, each in books.items() if "unapplied" in each.accounts]
    left_over = read_left_over(connection, credited) if credited else {}
    return {
        loan: Known(
            standing.get(loan, ()),
            taken_back.get(loan, ()),
            paid.get(loan, {}),
            forgiven.get(loan, ()),
            left_over.get(loan, 0),
        )
        for loan in books
    }


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
) -> dict[int, list[Scheduled]]:
    """Writes new instalments, and days and sums that changed; by loan, what there was."""
    fresh: list[dict[str, object]] = []
    changed: list[dict[str, object]] = []
    moved: dict[int, list[Scheduled]] = defaultdict(list)
    nothing = {f"unpaid_{name}": 0 for name in COMPONENTS}
    for loan, tape in wanted.items():
        for number, due_date, amount in _changes(tape, books[loan]):
            values = {"due_date": due_date, "amount_centavos": amount}
            row = books[loan].instalments.get(number)
            if row is None:
                fresh.append({"loan_id": loan, "number": number, **values, **nothing})
            else:
                changed.append({"of": row.id, **values})
            moved[loan].append((number, due_date, amount))
    if fresh:
        connection.execute(insert(instalment_table), fresh)
    if changed:
        statement = (
            update(instalment_table)
            .where(instalment_table.c.id == bindparam("of"))
            .values(due_date=bindparam("due_date"), amount_centavos=bindparam("amount_centavos"))
        )
        connection.execute(statement, changed)
    return moved


def _changes(tape: AdjustedLoan, books: Books) -> Iterator[Scheduled]:
    """What falls due on another day or with another sum, or is new. One that is gone was no more than is paid
    of it.
    """
    named = {part.number for part in tape.instalments}
    for part in tape.instalments:
        row = books.instalments.get(part.number)
        if row is None or (row.due_date, row.amount_centavos) != (part.due_date, part.amount):
            yield part.number, part.due_date, part.amount
    for gone in books.unpaid if tape.whole else ():
        if gone.number not in named and (unpaid := sum(gone.parts.values())):
            row = books.instalments[gone.number]
            yield gone.number, row.due_date, row.amount_centavos - unpaid


def _entries(
    as_of: date,
    before: date | None,
    found: Adjustment,
    rescheduled: Sequence[Scheduled],
    actor: str,
) -> list[NewEntry]:
    """`before` is the day of the tape before."""
    day = as_of.isoformat()
    entries = []
    if found.reallocated:
        entries.append(NewEntry("payment.reallocated", {"as_of": day}, actor, found.reallocated))
    if found.adjusted or rescheduled:
        debt = sum(leg.centavos for leg in found.adjusted if leg.account.startswith("receivable:"))
        data: dict[str, Any] = {
            "as_of": day,
            **({"since": before.isoformat()} if before is not None else {}),
            "amount": debt,
            "billed": found.billed,
            "paid": found.paid,
        }
        if rescheduled:
            data["schedule"] = [[number, due.isoformat(), amount] for number, due, amount in rescheduled]
        entries.append(NewEntry("loan.adjusted", data, actor, found.adjusted))
    return entries
