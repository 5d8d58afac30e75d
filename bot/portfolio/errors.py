"""What is wrong with the rows of a file: each by line, loan, column and value, in the reader's language;
together by what one change would fix.
"""

import csv
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import Any, TextIO

from bot.wording import Wording

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")


class UnknownFault(ValueError):
    """A fault that no catalogue has words for."""

    def __init__(self, fault: str) -> None:
        super().__init__(f"there are no words for tape.{fault}: add them to tape.po in both languages")


@dataclass(frozen=True, slots=True)
class RowError:
    """What is wrong with a row of the file, and what to do. `fault`: `tape.<fault>` of the catalogues."""

    line: int
    column: str
    fault: str
    params: Mapping[str, Any] = field(default_factory=dict)
    loan_id: str = ""
    value: str = ""

    def __post_init__(self) -> None:
        if self.fault not in _faults():
            raise UnknownFault(self.fault)

    @property
    def reason(self) -> str:
        """In English."""
        return self.text("en")

    def text(self, locale: str) -> str:
        return _wording().text(f"tape.{self.fault}", self.params, locale)


@lru_cache(maxsize=1)
def _faults() -> frozenset[str]:
    return frozenset(key.removeprefix("tape.") for _, key in _wording().keys("en"))


@lru_cache(maxsize=1)
def _wording() -> Wording:
    return Wording.load()


def grouped(errors: Sequence[RowError]) -> Iterator[tuple[RowError, int]]:
    """The first of each group and how many there are, the largest group first, then by line."""
    groups: dict[tuple[str, str], list[RowError]] = defaultdict(list)
    for error in sorted(errors, key=attrgetter("line")):
        groups[error.column, error.fault].append(error)
    for group in sorted(groups.values(), key=len, reverse=True):
        yield group[0], len(group)


def write_errors(errors: Sequence[RowError], file: TextIO, locale: str) -> None:
    """As a CSV that is safe to open in a spreadsheet: no cell of it can run."""
    writer = csv.writer(file)
    writer.writerow(("line", "loan_id", "column", "value", "reason"))
    for error in errors:
        texts = (error.loan_id, error.column, error.value, error.text(locale))
        writer.writerow((error.line, *(_inert(text) for text in texts)))


def _inert(text: str) -> str:
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text
