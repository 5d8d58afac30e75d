"""The rows of a file by our own column names, each cell in plain form. Titles above the header, blank lines,
repeated headers and totals are left out; what does not add up is refused.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache, partial
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from bot.portfolio.dialect import cells as forms
from bot.portfolio.dialect.cells import InvalidCell
from bot.portfolio.dialect.columns import AMOUNTS, READERS, TEXTS, Reader
from bot.portfolio.dialect.header import Header, find_header
from bot.portfolio.dialect.mapping import Formats, Mapping
from bot.portfolio.dialect.table import WORKBOOKS
from bot.portfolio.dialect.whole import (
    CELLS_KEPT,
    check_count,
    check_total,
    ends_inside,
    is_total,
    may_be_cut,
    split_amount,
    wrong_width,
)
from values import fold

_NOTHING = ("", "0.00")
_BLOCK = 8
"""Columns that are compared with the row above in one step: most cells of a loan are the same in each row."""
LONGEST_NULL = 20
"""Of the words that mean an empty cell."""


@dataclass(frozen=True, slots=True)
class CellError:
    """What is wrong with a cell: `tape.<fault>` of the catalogues, with its params."""

    column: str
    fault: str
    params: MappingType[str, object] = field(default_factory=dict)
    value: str = ""


class DialectRow(NamedTuple):
    line: int
    cells: MappingType[str, str]
    errors: Sequence[CellError] = ()


@dataclass(frozen=True, slots=True)
class _Column:
    """A column that is read. `read` raises InvalidCell."""

    place: int
    ours: str
    read: Callable[[str], str]


def rows_of(
    path: Path, mapping: Mapping, required: Sequence[str], columns: Collection[str]
) -> Iterator[DialectRow]:
    """Every row of the file that says something. Raises NotATable for what is no table with the required
    header.
    """
    header = find_header(path, mapping, required, columns)
    columns_read = _columns(header, mapping)
    reader = _Reader(columns_read, mapping)
    repeated = [name.casefold() for name in header.names]
    splittable = _splittable(path, header)
    loan_place = header.ours.index("loan_id") if "loan_id" in header.ours else None
    row: DialectRow | None = None
    above: Sequence[str] = ()
    last: Sequence[str] = ()
    for line, texts in header.rest:
        if not (texts and texts[0].strip()) and not any(text.strip() for text in texts):
            continue
        if _repeats(texts, repeated):
            continue
        if is_total(texts, loan_place):
            check_count(path, line, texts, reader.rows)
            check_total(path, line, texts, reader.totals, header.names, mapping.formats)
            last = ()
            continue
        if row is not None:
            yield row
        reader.rows += 1
        row = _wrong(line, texts, header, columns_read, splittable) or reader.read(line, texts)
        above, last = last, texts
    if row is not None:
        yield _whole(path, row, header, last, above)


def _splittable(path: Path, header: Header) -> list[int]:
    """Places of the amounts after which a text, or the last cell, stands: another amount there is none."""
    if path.suffix.casefold() in WORKBOOKS:
        return []
    last = len(header.ours) - 1
    return [
        place
        for place, (ours, after) in enumerate(pairwise(header.ours))
        if ours in AMOUNTS and (after in TEXTS or (after is None and place + 1 == last))
    ]


def _wrong(
    line: int, texts: Sequence[str], header: Header, columns: Sequence[_Column], splittable: Sequence[int]
) -> DialectRow | None:
    """The row with its error where its cells do not stand below their names."""
    if fault := wrong_width(texts, len(header.names), header.width):
        params = {"cells": len(texts), "width": len(header.names)}
        return DialectRow(line, _plain(texts, columns), (CellError("row", fault, params),))
    if (place := split_amount(texts, splittable)) is not None:
        value = f"{texts[place]},{texts[place + 1]}"
        error = CellError(header.ours[place] or "row", "amount_split", {}, value)
        return DialectRow(line, _plain(texts, columns), (error,))
    return None


def _columns(header: Header, mapping: Mapping) -> list[_Column]:
    nulls = forms.null_words(mapping.formats)
    return [
        _Column(place, ours, lru_cache(CELLS_KEPT)(partial(_value, reader, mapping.formats, nulls)))
        for place, ours in enumerate(header.ours)
        if ours is not None and ours not in mapping.overriding
        for reader in [READERS.get(ours, forms.plain_text)]
    ]


def _value(reader: Reader, formats: Formats, nulls: Collection[str], text: str) -> str:
    """Raises InvalidCell."""
    plain = text.strip()
    if not plain or (len(plain) <= LONGEST_NULL and fold(plain) in nulls):
        return ""
    return reader(text, formats)


def _repeats(texts: Sequence[str], header: Sequence[str]) -> bool:
    """Whether it is the header again. The first cell decides most often."""
    return texts[0].strip().casefold() == header[0] and header == [
        text.strip().casefold() for text in texts[: len(header)]
    ]


class _Reader:
    """Reads row after row; a cell that repeats the one above it is not read again."""

    def __init__(self, columns: Sequence[_Column], mapping: Mapping) -> None:
        self._columns = columns
        self._texts_of = itemgetter(*(column.place for column in columns), 0)
        """With one more than there are columns: of a single place it would make no tuple."""
        self._blocks = [
            (slice(start, start + _BLOCK), columns[start : start + _BLOCK])
            for start in range(0, len(columns), _BLOCK)
        ]
        self._unread: tuple[str | None, ...] = (None,) * len(columns)
        self._above: tuple[str | None, ...] = self._unread
        self._cells: dict[str, str] = {**mapping.constants, **mapping.overriding}
        self._summed = [(column.place, column.ours) for column in columns if column.ours in AMOUNTS]
        self.totals = {place: Decimal(0) for place, _ in self._summed}
        """By the place of each column of amounts."""
        self.rows = 0

    def read(self, line: int, texts: Sequence[str]) -> DialectRow:
        given = self._texts_of(texts)
        cells = self._cells.copy()
        errors: list[CellError] = []
        for block, columns in self._blocks:
            texts, above = given[block], self._above[block]
            if texts == above:
                continue
            for column, text, before in zip(columns, texts, above, strict=False):
                if text == before:
                    continue
                try:
                    cells[column.ours] = column.read(text) if text else ""
                except InvalidCell as error:
                    errors.append(CellError(column.ours, error.fault, error.params, text.strip()[:80]))
                    cells[column.ours] = ""
        for place, ours in self._summed:
            if (value := cells[ours]) not in _NOTHING:
                self.totals[place] += _decimal(value)
        self._above, self._cells = self._unread if errors else given, cells
        return DialectRow(line, cells, tuple(errors))


def _plain(texts: Sequence[str], columns: Sequence[_Column]) -> dict[str, str]:
    return {column.ours: texts[column.place].strip() for column in columns if column.place < len(texts)}


def _decimal(value: str) -> Decimal:
    try:
        return Decimal(value)
    except InvalidOperation:
        return Decimal(0)


def _whole(
    path: Path, row: DialectRow, header: Header, texts: Sequence[str], above: Sequence[str]
) -> DialectRow:
    """The last row, with its error where the file ends inside its last cell. `texts`: none where a total
    stands below it.
    """
    if row.errors or not texts or path.suffix.casefold() in WORKBOOKS or not ends_inside(path):
        return row
    ours, place = header.ours[-1] or "", len(header.names) - 1
    before = above[place] if place < len(above) else ""
    beside = [text for name, text in zip(header.ours[:-1], texts, strict=False) if name in AMOUNTS]
    if not may_be_cut(ours, texts[place], before, beside):
        return row
    return DialectRow(row.line, row.cells, (CellError(ours, "cut_cell", {}, texts[place]),))
