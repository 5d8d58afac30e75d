"""What is wrong with the rows of a file: each by line, loan, column and value; together by what one change
would mend.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TextIO

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row of the file, and what to do."""

    line: int
    column: str
    reason: str
    loan_id: str = ""
    value: str = ""
    cause: str = ""
    """Rows with the same column and cause are mended together; empty: the reason itself."""


def grouped(errors: Sequence[RowError]) -> Iterator[tuple[RowError, int]]:
    """The first of each group and how many there are, the largest group first."""
    groups: dict[tuple[str, str], list[RowError]] = defaultdict(list)
    for error in errors:
        groups[error.column, error.cause or error.reason].append(error)
    for group in sorted(groups.values(), key=len, reverse=True):
        yield group[0], len(group)


def write_errors(errors: Sequence[RowError], file: TextIO) -> None:
    """As a CSV that is safe to open in a spreadsheet: no cell of it can run."""
    writer = csv.writer(file)
    writer.writerow(("line", "loan_id", "column", "value", "reason"))
    for error in errors:
        texts = (error.loan_id, error.column, error.value, error.reason)
        writer.writerow((error.line, *(_inert(text) for text in texts)))


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text
