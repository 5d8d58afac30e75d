"""A file of one row per loan (balance, what is overdue and since when, the next payment) as the instalments
that it speaks of. Their numbers are the same every day: 1 is what is overdue, 2 the next payment, 3 what
comes after it.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

from bot.portfolio.dialect import CellError, DialectRow
from models.instalment import COMPONENTS

SHAPE_COLUMNS = ("balance", "overdue_amount", "days_past_due")
NOT_OF_SHAPE = ("instalment_no", "amount_paid", *COMPONENTS)
"""What a balance says already: it is what is owed after all that was paid, in one sum."""
AFTER_NEXT = timedelta(days=30)
"""When the rest of a balance falls due at the earliest: such a file does not say; a later one will."""


def instalments_of(row: DialectRow) -> Iterator[DialectRow]:
    """Rows of the shape with one instalment each."""
    if row.errors:
        yield row
        return
    cells = row.cells
    overdue, next_amount = _pesos(cells, "overdue_amount"), _pesos(cells, "amount_due")
    balance = _pesos(cells, "balance") if cells.get("balance") else overdue + next_amount
    if error := _fault(cells, balance, overdue):
        yield DialectRow(row.line, cells, (error,))
        return
    upcoming = min(next_amount, balance - overdue)
    rest = balance - overdue - upcoming
    due = cells.get("due_date", "")
    if overdue:
        since = date.fromisoformat(cells["as_of"]) - timedelta(days=int(cells["days_past_due"]))
        yield _row(row, 1, since.isoformat(), overdue)
    if upcoming or not overdue:
        yield _row(row, 2, due, upcoming)
    if rest:
        after = (date.fromisoformat(due) + AFTER_NEXT).isoformat() if due else ""
        yield _row(row, 3, after, rest)


def _fault(cells: Mapping[str, str], balance: Decimal, overdue: Decimal) -> CellError | None:
    if overdue and not cells.get("days_past_due", "").isdecimal():
        return CellError("days_past_due", "dpd_needed")
    if balance and not overdue and cells.get("days_past_due", "").strip("0"):
        return CellError("overdue_amount", "overdue_needed", {"days": cells["days_past_due"]})
    if overdue and not cells.get("as_of"):
        return CellError("as_of", "as_of_needed")
    if overdue > balance:
        return CellError(
            "overdue_amount", "overdue_over_balance", {"overdue": f"{overdue}", "balance": f"{balance}"}
        )
    return None


def _row(row: DialectRow, number: int, due_date: str, amount: Decimal) -> DialectRow:
    cells = {name: value for name, value in row.cells.items() if name not in SHAPE_COLUMNS}
    return DialectRow(
        row.line, {**cells, "instalment_no": str(number), "due_date": due_date, "amount_due": f"{amount:.2f}"}
    )


def _pesos(cells: Mapping[str, str], column: str) -> Decimal:
    return Decimal(cells.get(column) or "0")
