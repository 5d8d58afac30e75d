"""What no single row shows: a tape that could not be true as a whole, or that does not fit what is known.
Such loans are refused; what a complete file lacks is named.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from sqlalchemy import Connection, bindparam, func, select, text

from bot.portfolio.errors import RowError
from bot.portfolio.names import are_two_people, name_key
from bot.portfolio.staging import Stage, batched
from bot.portfolio.tape import LoanTerms, TapeRow
from models import borrower_table, contact_point_table, instalment_table, loan_table
from models.instalment import UNPAID
from models.loan import CLOSED_LOANS

SHARED_BY_MOST = 30
"""Borrowers on one phone from which it is a filler and nobody's."""
MISSING_MOST = 0.5
"""Share of the open loans, or of the instalments owed, that a file may lack without a person's word."""
EXACT_DIGITS = 15
"""Digits of a number that a spreadsheet keeps."""
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
_OTHERS_ON = (
    select(contact_point_table.c.key, borrower_table.c.external_id)
    .join(borrower_table, borrower_table.c.id == contact_point_table.c.borrower_id)
    .where(contact_point_table.c.key.in_(bindparam("phones", expanding=True)))
)
ADULT, OLDEST = 15, 110
BORN, PERSONS = slice(4, 10), (13, 18)
"""Where the birth date stands in an RFC and in a CURP, and how long they are; a company's RFC is shorter."""
NEVER_FILLED = ("as_of", "pay_clabe", "pay_reference", "cash_reference")
"""Columns of which an empty cell says something else than one that is filled."""
EARLIEST_DUE_YEAR, LATEST_DUE_YEARS = 2000, 45


def refused_loans(stage: Stage, connection: Connection, *, accept: bool) -> Iterator[tuple[str, RowError]]:
    """`(loan, error)` of loans that may not be loaded as the file has them. `accept`: a person has looked at
    what it lacks.
    """
    if not accept:
        yield from _cut(stage, connection)
    yield from _fillers(stage, connection)
    yield from _two_people(stage)
    yield from _two_values(stage)
    yield from _almost_the_same_ids(stage, connection)


def impossible_days(row: TapeRow, today: date) -> list[RowError]:
    """Of one row: a birth date that nobody who borrows has, a due date of another century, an opening that is
    still to come, a code of a person who was born on another day.
    """
    born, opened = row.borrower["birth_date"], row.loan["opened_on"]
    errors = []
    if born and not today.year - OLDEST <= born.year <= today.year - ADULT:
        errors.append(RowError(row.line, "birth_date", "birth_impossible", {}, row.loan_id, str(born)))
    for column in ("curp", "rfc"):
        code = row.borrower[column] or ""
        if born and len(code) in PERSONS and code[BORN] != f"{born:%y%m%d}":
            fault = RowError(row.line, column, "born_another_day", {"born": str(born)}, row.loan_id, code)
            errors.append(fault)
    if not EARLIEST_DUE_YEAR <= row.due_date.year <= today.year + LATEST_DUE_YEARS:
        params = {"first": str(EARLIEST_DUE_YEAR), "years": LATEST_DUE_YEARS}
        due = str(row.due_date)
        errors.append(RowError(row.line, "due_date", "due_impossible", params, row.loan_id, due))
    if opened and opened > today:
        errors.append(RowError(row.line, "opened_on", "opened_future", {}, row.loan_id, str(opened)))
    return errors


def _fillers(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """Phones that too many borrowers have, in the file and in the books together."""
    for batch in batched(stage.phones()):
        for phone, people in _sharing(stage, connection, dict(batch)):
            for loan, line, column in stage.on_phone(phone):
                yield loan, RowError(line, column, "filler", {"people": people}, loan, phone[-10:])


def _sharing(stage: Stage, connection: Connection, phones: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    found = connection.execute(_OTHERS_ON, {"phones": list(phones)}).all()
    known: dict[str, set[str]] = defaultdict(set)
    for phone, borrower in found:
        known[phone].add(borrower)
    for phone, people in phones.items():
        if people + len(known[phone]) >= SHARED_BY_MOST:
            everybody = known[phone] | stage.borrowers_on(phone)
            if len(everybody) >= SHARED_BY_MOST:
                yield phone, len(everybody)


def _two_people(stage: Stage) -> Iterator[tuple[str, RowError]]:
    for described in stage.names():
        _, first, first_born, *_ = described[0]
        for borrower, name, born, loan, line in described[1:]:
            if are_two_people(first, first_born, name, born):
                yield loan, RowError(line, "borrower_id", "two_people", {}, loan, borrower)


def _two_values(stage: Stage) -> Iterator[tuple[str, RowError]]:
    """Rows of one loan that say two things of what it has once: the first such row of each column."""
    for loan, described in stage.described_twice():
        known: dict[str, tuple[int, str]] = {}
        named: set[str] = set()
        for line, terms in described:
            for column, value in _stated(terms):
                first, other = known.setdefault(column, (line, value))
                if value != other and column not in named and not _is_same_name(column, value, other):
                    named.add(column)
                    params = {"line": first, "other": other}
                    yield loan, RowError(line, column, "two_values", params, loan, value)


def _stated(terms: LoanTerms) -> Iterator[tuple[str, str]]:
    for column, value in terms.by_column().items():
        if value or column in NEVER_FILLED:
            yield column, ";".join(value) if isinstance(value, tuple) else str(value or "").strip(";")


def _is_same_name(column: str, name: str, other: str) -> bool:
    return column in ("borrower_name", "guarantor_name") and name_key(name) == name_key(other)


def spreadsheet_key(external_id: str) -> str:
    """What is left of an id once a spreadsheet was there: no zeros in front, no `.0`, no spaces, one case."""
    return re.sub(r"\.0+$", "", re.sub(r"\s+", "", external_id)).casefold().lstrip("0")


def rounded_key(key: str) -> str | None:
    """A long number as a spreadsheet keeps it: fifteen digits, then zeros. Null for what it keeps whole."""
    long = key.isdecimal() and len(key) > EXACT_DIGITS
    return key[:EXACT_DIGITS].ljust(len(key), "0") if long else None


class _Ids:
    """Ids that were seen, found again by what a spreadsheet makes of them."""

    def __init__(self, known: Iterable[str]) -> None:
        self._seen: dict[str, str] = {}
        self._rounded: dict[str, str] = {}
        for external_id in known:
            self.other(external_id)

    def other(self, external_id: str) -> str | None:
        """An id before this one from which spreadsheets alone may have made it, or which they made of it."""
        key = spreadsheet_key(external_id)
        found = self._seen.setdefault(key, external_id)
        if found == external_id and (rounded := rounded_key(key)) is not None:
            first = self._rounded.setdefault(rounded, external_id)
            found = first if key == rounded else self._seen.get(rounded, external_id)
        return found if found != external_id else None


def _almost_the_same_ids(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """Loans or borrowers that differ from another by what spreadsheets change alone: one of the two is a
    copy.
    """
    known = set(connection.scalars(select(loan_table.c.external_id)))
    ids = _Ids(known)
    for loan, line in stage.loan_lines():
        if (other := ids.other(loan)) and loan not in known:
            yield loan, RowError(line, "loan_id", "spreadsheet_id", {"other": other}, loan, loan)
    people = set(connection.scalars(select(borrower_table.c.external_id)))
    ids = _Ids(people)
    for borrower, loan, line in stage.borrower_lines():
        if (other := ids.other(borrower)) and borrower not in people:
            yield loan, RowError(line, "borrower_id", "spreadsheet_id", {"other": other}, loan, borrower)


def _cut(stage: Stage, connection: Connection) -> Iterator[tuple[str, RowError]]:
    """A file that was cut in transfer: instalments that were owed until now are gone while earlier ones of
    their loans are unpaid. Nobody pays in that order. One such loan may be a restructured one; many of them,
    or the last loan of a file of several, are not believed. Nor is a file that lacks most of what was owed,
    in whatever order: each would count as paid.
    """
    owed, lacking, gone = 0, list[tuple[str, int, int]](), list[tuple[str, int, int]]()
    for loans in stage.unpaid_numbers(BATCH):
        for row in connection.execute(_OWED, {"loans": list(loans)}):
            line, numbers, unpaid = loans[row.external_id]
            owed += 1
            if row.number not in numbers:
                gone.append((row.external_id, line, row.number))
                if unpaid and min(unpaid) < row.number:
                    lacking.append(gone[-1])
    if owed >= FEW and len(gone) > MISSING_MOST * owed:
        lacking = gone
    many = owed >= FEW and len(lacking) > LACKS_MOST * owed
    last = stage.last_loan() if stage.loans() > 1 else None
    for loan, line, number in lacking:
        if many or loan == last:
            params = {"loan": loan, "number": str(number)}
            yield loan, RowError(line, "instalment_no", "cut", params, loan, str(number))


def too_many_missing(connection: Connection, missing: Collection[tuple[str, int]]) -> RowError | None:
    """What is wrong with a complete file that lacks most of the open loans: it is none, or was cut."""
    is_open = loan_table.c.status.not_in(CLOSED_LOANS)
    known = connection.scalar(select(func.count()).select_from(loan_table).where(is_open)) or 0
    if known < FEW or len(missing) <= MISSING_MOST * known:
        return None
    return RowError(1, "loan_id", "mostly_missing", {"missing": len(missing), "known": known})


def missing_loans(stage: Stage, connection: Connection) -> list[tuple[str, int]]:
    """`(loan, outstanding in centavos)` of the open loans that the file does not name, the largest first."""
    here = {loan for loan, _ in stage.loan_lines()} | stage.bad_loans()
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
