"""What loading a tape would do, before it is done: what was recognised, what is read, what is new and what
differs.
"""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Connection, select

from bot.portfolio.dialect import Layout, Mapping, layout_of
from bot.portfolio.staging import Stage
from bot.portfolio.tape import TapeLoan, names_of
from models import loan_table

SHOWN = 3
DIFFERENCES = 10


@dataclass(slots=True)
class Difference:
    """Centavos owed: in the books, and by the file."""

    loan: str
    books: int
    file: int


@dataclass(slots=True)
class Preview:
    layout: Layout
    rows: list[dict[str, str]] = field(default_factory=list)
    """The first rows as they are read."""
    loans: Counter[str] = field(default_factory=Counter)
    """How many are `new`, `changed`, `unchanged`."""
    centavos: Counter[str] = field(default_factory=Counter)
    """What they owe by the file, in the same groups."""
    differences: list[Difference] = field(default_factory=list)
    """Loans that owe another sum by the file than in the books, the largest first."""
    bad: int = 0
    """Loans with a bad row: what they owe by the file is not known, so they are in no other number."""
    without_birth_date: int = 0
    sharing_a_phone: int = 0


def preview(stage: Stage, connection: Connection, path: Path, mapping: Mapping) -> Preview:
    """Of a staged file."""
    found = Preview(layout_of(path, mapping, *names_of(mapping.formats.shape)))
    for batch in stage.batches():
        _compare(found, connection, [loan for loan in batch if loan.whole])
    found.bad = len(stage.bad_loans())
    found.differences.sort(key=lambda each: abs(each.books - each.file), reverse=True)
    del found.differences[DIFFERENCES:]
    found.without_birth_date = stage.without_birth_date()
    found.sharing_a_phone = sum(people for _, people in stage.phones() if people > 1)
    return found


def _compare(found: Preview, connection: Connection, batch: list[TapeLoan]) -> None:
    known = {
        row.external_id: row
        for row in connection.execute(
            select(loan_table.c.external_id, loan_table.c.outstanding_centavos, loan_table.c.tape_hash).where(
                loan_table.c.external_id.in_([loan.first.loan_id for loan in batch])
            )
        )
    }
    for loan in batch:
        owed = sum(sum(row.unpaid.values()) for row in loan.rows)
        books = known.get(loan.first.loan_id)
        group = "new" if books is None else "unchanged" if books.tape_hash == loan.hash else "changed"
        found.loans[group] += 1
        found.centavos[group] += owed
        if books is not None and group == "changed" and books.outstanding_centavos != owed:
            found.differences.append(Difference(loan.first.loan_id, books.outstanding_centavos, owed))
        if len(found.rows) < SHOWN:
            found.rows.append(_shown(loan))


def _shown(loan: TapeLoan) -> dict[str, str]:
    first = loan.first
    return {
        "loan_id": first.loan_id,
        "borrower_name": str(first.borrower["name"]),
        "phone": first.terms.phone,
        "birth_date": str(first.borrower["birth_date"] or ""),
        "instalment_no": str(first.number),
        "due_date": first.due_date.isoformat(),
        "amount_due": f"{first.amount / 100:.2f}",
        "unpaid": f"{sum(first.unpaid.values()) / 100:.2f}",
    }
