"""A tape's rows on disk, checked one by one, until the whole of it is known to be good."""

import pickle
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any, TypeVar

from bot.portfolio.errors import RowError
from bot.portfolio.names import name_key
from bot.portfolio.tape import LoanTerms, TapeLoan, TapeRow, together

Item = TypeVar("Item")
BATCH = 500
_PARTS = ("principal", "interest", "late_fees", "tax")
"""The columns of what is unpaid."""
_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -16000;
CREATE TABLE terms (
    id INTEGER PRIMARY KEY, borrower TEXT, as_of TEXT, phone TEXT, phone_2 TEXT, name TEXT, born TEXT,
    data BLOB
);
CREATE TABLE row (
    loan TEXT, number INT, line INT, terms INT, due TEXT, amount INT,
    principal INT, interest INT, late_fees INT, tax INT,
    PRIMARY KEY (loan, number)
) WITHOUT ROWID;
CREATE TABLE torn (loan TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE refused (loan TEXT PRIMARY KEY) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Head:
    """A loan of the tape in a line: where it first stands, whose it is and as of when."""

    loan_id: str
    line: int
    borrower_id: str
    as_of: str | None
    name: str
    """As `name_key` makes it."""
    born: str | None


class Stage:
    """Holds any number of rows in a file of its own; memory holds a batch."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.executescript(_SCHEMA)
        self._loan, self._borrower = "", ""
        """The loan of the last row, and its borrower."""
        self._terms: LoanTerms | None = None
        self._terms_id = 0

    def add(self, row: TapeRow) -> RowError | None:
        """What is wrong with a row that is in the file twice, or that gives its loan to somebody else than
        the rows before.
        """
        borrower = str(row.borrower["external_id"])
        if self._borrower_of(row.loan_id, borrower) != borrower:
            return RowError(row.line, "borrower_id", "other_borrower", {"loan": row.loan_id}, row.loan_id)
        if row.terms is not self._terms:
            self._add_terms(row.terms)
        unpaid = [row.unpaid[part] for part in _PARTS]
        values = (
            row.loan_id,
            row.number,
            row.line,
            self._terms_id,
            row.due_date.isoformat(),
            row.amount,
            *unpaid,
        )
        try:
            self._db.execute("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
        except sqlite3.IntegrityError:
            return RowError(row.line, "instalment_no", "instalment_twice", {"loan": row.loan_id}, row.loan_id)
        return None

    def _borrower_of(self, loan: str, borrower: str) -> str:
        """Whom the rows before give this loan to; else this one. Rows of a loan mostly stand together."""
        if self._loan != loan:
            query = "SELECT borrower FROM row JOIN terms ON terms.id = terms WHERE loan = ? LIMIT 1"
            known = self._db.execute(query, (loan,)).fetchone()
            self._loan, self._borrower = loan, known[0] if known else borrower
        return self._borrower

    def _add_terms(self, terms: LoanTerms) -> None:
        borrower = terms.borrower
        values = (
            borrower["external_id"],
            terms.as_of.isoformat() if terms.as_of else None,
            terms.phone,
            terms.phone_2,
            name_key(borrower["name"]),
            borrower["birth_date"].isoformat() if borrower["birth_date"] else None,
            pickle.dumps(terms, pickle.HIGHEST_PROTOCOL),
        )
        added = self._db.execute("INSERT INTO terms VALUES (NULL, ?, ?, ?, ?, ?, ?, ?)", values)
        self._terms, self._terms_id = terms, int(added.lastrowid or 0)

    def tear(self, loan_id: str) -> None:
        """A row of this loan is bad: the rest of it does not say what the loan has no more."""
        self._db.execute("INSERT OR IGNORE INTO torn VALUES (?)", (loan_id,))

    def refuse(self, loan_id: str) -> None:
        """Leaves this loan out."""
        self._db.execute("INSERT OR IGNORE INTO refused VALUES (?)", (loan_id,))

    def heads(self) -> Iterator[list[Head]]:
        """Every loan, a batch at a time."""
        found = self._db.execute(
            "SELECT loan, min(line), min(borrower), max(as_of), min(name), min(born) FROM row "
            "JOIN terms ON terms.id = terms WHERE loan NOT IN (SELECT loan FROM refused) "
            "GROUP BY loan ORDER BY loan"
        )
        yield from batched(Head(*row) for row in found)

    def batches(self) -> Iterator[list[TapeLoan]]:
        """The loans that were not refused, with their good rows."""
        found = self._db.execute(
            "SELECT loan, line, number, due, amount, principal, interest, late_fees, tax, terms, data, "
            "torn.loan IS NULL FROM row JOIN terms ON terms.id = terms LEFT JOIN torn USING (loan) "
            "WHERE loan NOT IN (SELECT loan FROM refused) ORDER BY loan, number"
        )
        loans = (_loan(list(rows)) for _, rows in groupby(found, key=itemgetter(0)))
        yield from batched(loans)

    def loan_lines(self) -> Iterator[tuple[str, int]]:
        """Every loan with the line of its first row."""
        yield from self._db.execute(
            "SELECT loan, min(line) FROM row "
            "WHERE loan NOT IN (SELECT loan FROM refused) GROUP BY loan ORDER BY loan"
        )

    def last_loan(self) -> str | None:
        """The loan of the file's last row."""
        found = self._db.execute("SELECT loan FROM row ORDER BY line DESC LIMIT 1").fetchone()
        return str(found[0]) if found else None

    def on_phone(self, phone: str) -> Iterator[tuple[str, int, str]]:
        """`(loan, line, column)` of each row that has it."""
        yield from self._db.execute(
            "SELECT loan, line, CASE phone WHEN ? THEN 'phone' ELSE 'phone_2' END FROM row "
            "JOIN terms ON terms.id = terms WHERE phone = ? OR phone_2 = ?",
            (phone, phone, phone),
        )

    def described_twice(self) -> Iterator[tuple[str, list[tuple[int, LoanTerms]]]]:
        """Loans whose rows may say two things of the loan as a whole: the first line of each, in order."""
        found = self._db.execute(
            "SELECT loan, min(line), data FROM row JOIN terms ON terms.id = terms WHERE loan IN "
            "(SELECT loan FROM row GROUP BY loan HAVING min(terms) < max(terms)) "
            "GROUP BY loan, terms ORDER BY loan, min(line)"
        )
        for loan, rows in groupby(found, key=itemgetter(0)):
            yield loan, [(line, _read_terms(data)) for _, line, data in rows]

    def phones(self) -> Iterator[tuple[str, int]]:
        """Each phone, first or second, and how many borrowers have it."""
        yield from self._db.execute(
            "SELECT key, count(DISTINCT borrower) FROM (SELECT phone AS key, borrower FROM terms UNION ALL "
            "SELECT phone_2, borrower FROM terms WHERE phone_2 IS NOT NULL) GROUP BY key"
        )

    def borrowers_on(self, phone: str) -> set[str]:
        query = "SELECT DISTINCT borrower FROM terms WHERE phone = ? OR phone_2 = ?"
        return {str(row[0]) for row in self._db.execute(query, (phone, phone))}

    def without_birth_date(self) -> int:
        """Borrowers who cannot be asked for it."""
        found = self._db.execute("SELECT count(DISTINCT borrower) FROM terms WHERE born IS NULL").fetchone()
        return int(found[0])

    def names(self) -> Iterator[list[tuple[str, str, str | None, str, int]]]:
        """`(borrower, name, born, loan, line)` of each description of a borrower who has several names."""
        found = self._db.execute(
            "SELECT borrower, name, born, loan, min(line) FROM row JOIN terms ON terms.id = terms WHERE "
            "borrower IN (SELECT borrower FROM terms GROUP BY borrower HAVING count(DISTINCT name) > 1) "
            "GROUP BY borrower, name, born ORDER BY borrower, 5"
        )
        for _, described in groupby(found, key=itemgetter(0)):
            yield list(described)

    def borrower_lines(self) -> Iterator[tuple[str, str, int]]:
        """`(borrower, loan, line)` of every borrower, at the first of their rows."""
        yield from self._db.execute(
            "SELECT borrower, loan, min(line) FROM row JOIN terms ON terms.id = terms GROUP BY borrower "
            "ORDER BY borrower"
        )

    def bad_loans(self) -> set[str]:
        """Those that a row names and that are not loaded whole."""
        query = "SELECT loan FROM torn UNION SELECT loan FROM refused"
        return {str(row[0]) for row in self._db.execute(query)}

    def unpaid_numbers(self, size: int) -> Iterator[dict[str, tuple[int, set[int], set[int]]]]:
        """Loan → `(first line, its instalments, those that are unpaid)`, a batch of whole loans at a time."""
        found = self._db.execute(
            "SELECT loan, number, line, principal + interest + late_fees + tax > 0 FROM row "
            "LEFT JOIN torn USING (loan) WHERE torn.loan IS NULL "
            "ORDER BY loan"
        )
        loans = ((loan, list(rows)) for loan, rows in groupby(found, key=itemgetter(0)))
        for batch in batched(loans, size):
            yield {
                loan: (
                    min(row[2] for row in rows),
                    {row[1] for row in rows},
                    {row[1] for row in rows if row[3]},
                )
                for loan, rows in batch
            }

    def is_empty(self) -> bool:
        return self._db.execute("SELECT 1 FROM row UNION ALL SELECT 1 FROM torn LIMIT 1").fetchone() is None

    def loans(self) -> int:
        return int(
            self._db.execute(
                "SELECT count(DISTINCT loan) FROM row WHERE loan NOT IN (SELECT loan FROM refused)"
            ).fetchone()[0]
        )


def batched(items: Iterable[Item], size: int = BATCH) -> Iterator[list[Item]]:
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


def _loan(rows: list[tuple[Any, ...]]) -> TapeLoan:
    """Of what `batches` selects."""
    stated = {row[-3]: row[-2] for row in rows}
    terms = together([_read_terms(data) for data in stated.values()])
    read = []
    for _, line, number, due, amount, *unpaid, _, _, _ in rows:
        owed = dict(zip(_PARTS, unpaid, strict=True))
        read.append(TapeRow(line, terms, number, date.fromisoformat(due), amount, owed))
    return TapeLoan(read, whole=bool(rows[0][-1]))


def _read_terms(data: bytes) -> LoanTerms:
    terms: LoanTerms = pickle.loads(data)  # noqa: S301 - our own file of this minute
    return terms


@contextmanager
def staging() -> Iterator[Stage]:
    """A stage that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "stage.db")
        try:
            yield Stage(connection)
        finally:
            connection.close()
