"""What no single row tells: a tape that could not be true as a whole, or that does not fit what is known.
Such loans are refused; what a complete file lacks is named.
"""

import re
from collections.abc import Iterator
from datetime import date

from sqlalchemy import Connection, bindparam, func, select, text

from bot.portfolio.errors import RowError
from bot.portfolio.staging import Stage
from models import borrower_table, instalment_table, loan_table
from models.instalment import UNPAID
from models.loan import CLOSED_LOANS

SHARED_BY_MOST = 30
"""Borrowers on one phone from which it is a filler and nobody's."""
_FILLER = re.compile(r"^\+52(?:(\d)\1{9}|1234567890|9876543210)$")
LACKS_MOST, FEW = 0.2, 5
"""Share of the unpaid instalments known of its loans that a file may lack without a person's word; with
fewer known than this no share is taken.
"""
BATCH = 500
_OWED = (
    select(loan_table.c.external_id, instalment_table.c.number)
    .join(instalment_table, instalment_table.c.loan_id == loan_table.c.id)
    .where(
        loan_table.c.external_id.in_(bindparam("loans", expanding=True)),
        loan_table.c.status.not_in(CLOSED_LOANS),
        text(UNPAID),
    )
    .order_by(loan_table.c.external_id, instalment_table.c.number)
)
ADULT, OLDEST = 15, 110
EARLIEST_DUE_YEAR, LATEST_DUE_YEARS = 2000, 45


def refused_loans(
    stage: Stage, connection: Connection, today: date, *, accept: bool
) -> Iterator[tuple[str, RowError]]:
    """`(loan, error)` of loans that may not be loaded as the file has them. `accept`: a person has looked at
    what it lacks.
    """
    yield from _impossible_days(stage, today)
    if not accept:
        yield from _cut(stage, connection)
    yield from _fillers(stage)
    yield from _two_people(stage, connection)
    yield from _almost_the_same_ids(stage, connection)


def _impossible_days(stage: Stage, today: date) -> Iterator[tuple[str, RowError]]:
    born_after = today.replace(year=today.year - ADULT, day=min(today.day, 28)).isoformat()
    born_before = f"{today.year - OLDEST}-01-01"
    for loan, line, born in stage.rows(
        "born IS NOT NULL AND (born > ? OR born < ?)", born_after, born_before
    ):
        yield loan, RowError(line, "birth_date", "birth_impossible", {}, loan, born)
    latest = f"{today.year + LATEST_DUE_YEARS}-12-31"
    early = f"{EARLIEST_DUE_YEAR}-01-01"
    for loan, line, due in stage.rows("due < ? OR due > ?", early, latest, column="due"):
        params = {"first": str(EARLIEST_DUE_YEAR), "years": LATEST_DUE_YEARS}
        yield loan, RowError(line, "due_date", "due_impossible", params, loan, due)


def _fillers(stage: Stage) -> Iterator[tuple[str, RowError]]:
    for phone, people in stage.phones():
        if people >= SHARED_BY_MOST or _FILLER.match(phone):
            params = {"people": people}
            for loan, line, _ in stage.rows("phone = ?", phone, column="phone"):
                yield loan, RowError(line, "phone", "filler", params, loan, phone[-10:])


def _two_people(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """One borrower id with another name and another birthday is another person."""
    for loan, line, borrower in stage.two_people():
        yield loan, RowError(line, "borrower_id", "two_people", {}, loan, borrower)
    for batch in stage.people(BATCH):
        known = select(
            borrower_table.c.external_id, borrower_table.c.name, borrower_table.c.birth_date
        ).where(borrower_table.c.external_id.in_(list(batch)), borrower_table.c.birth_date.is_not(None))
        for row in connection.execute(known):
            name, born, loan, line = batch[row.external_id]
            if born and born != row.birth_date.isoformat() and name != row.name:
                yield loan, RowError(line, "borrower_id", "another_person", {}, loan, row.external_id)


def spreadsheet_key(external_id: str) -> str:
    """What is left of an id once a spreadsheet was there: no zeros in front, no `.0`, no spaces, one case."""
    return re.sub(r"\.0+$", "", re.sub(r"\s+", "", external_id)).casefold().lstrip("0")


def _almost_the_same_ids(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """Loans that differ from another by what spreadsheets change alone: one of the two is a copy."""
    known = set(connection.scalars(select(loan_table.c.external_id)))
    seen = {spreadsheet_key(external_id): external_id for external_id in known}
    for loan, line in stage.loan_lines():
        other = seen.setdefault(spreadsheet_key(loan), loan)
        if other != loan and loan not in known:
            yield loan, RowError(line, "loan_id", "spreadsheet_id", {"other": other}, loan, loan)


def _cut(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """A file that was cut in transfer: instalments that were owed until now are gone while earlier ones of
    their loans are unpaid. Nobody pays in that order. One such loan may be a restructured one; many of them,
    or the last loan of a file of several, are not believed.
    """
    owed, lacking = 0, list[tuple[str, int, int]]()
    for loans in stage.unpaid_numbers(BATCH):
        for row in connection.execute(_OWED, {"loans": list(loans)}):
            line, numbers, unpaid = loans[row.external_id]
            owed += 1
            if row.number not in numbers and unpaid and min(unpaid) < row.number:
                lacking.append((row.external_id, line, row.number))
    many = owed >= FEW and len(lacking) > LACKS_MOST * owed
    last = stage.last_loan() if stage.loans() > 1 else None
    for loan, line, number in lacking:
        if many or loan == last:
            params = {"loan": loan, "number": str(number)}
            yield loan, RowError(line, "instalment_no", "cut", params, loan, str(number))


def missing_loans(stage: Stage, connection: Connection) -> list[tuple[str, int]]:
    """`(loan, outstanding in centavos)` of the open loans that the file does not name, the largest first."""
    here = {loan for loan, _ in stage.loan_lines()}
    open_loans = (
        select(loan_table.c.external_id, loan_table.c.outstanding_centavos)
        .where(loan_table.c.status.not_in(CLOSED_LOANS))
        .order_by(func.abs(loan_table.c.outstanding_centavos).desc(), loan_table.c.id)
    )
    return [
        (row.external_id, row.outstanding_centavos)
        for row in connection.execute(open_loans)
        if row.external_id not in here
    ]
