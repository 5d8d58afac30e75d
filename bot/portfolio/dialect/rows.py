"""The rows of a file by our own column names, each cell in plain form. Titles above the header, blank lines,
repeated headers and totals are left out; what does not add up is refused.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from functools import lru_cache, partial
from itertools import chain, pairwise
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from bot.faults import Fault
from bot.portfolio.dialect import cells as forms
from bot.portfolio.dialect.cells import InvalidCell
from bot.portfolio.dialect.headers import header_key, synonyms
from bot.portfolio.dialect.invalid import NotATable
from bot.portfolio.dialect.mapping import Formats, Mapping
from bot.portfolio.dialect.table import WORKBOOKS, Row, read_table
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

Reader = Callable[[str, Formats], str]
READERS: MappingType[str, Reader] = {
    **dict.fromkeys(("due_date", "birth_date", "opened_on", "as_of"), forms.day),
    **dict.fromkeys(
        (
            "amount_due",
            "amount_paid",
            "principal",
            "interest",
            "late_fees",
            "tax",
            "balance",
            "overdue_amount",
            "amount",
        ),
        forms.amount,
    ),
    **dict.fromkeys(("phone", "phone_2", "guarantor_phone"), forms.phone),
    **dict.fromkeys(
        ("loan_id", "borrower_id", "pay_clabe", "pay_reference", "cash_reference", "reference"),
        forms.identifier,
    ),
    **dict.fromkeys(("instalment_no", "days_past_due"), forms.whole_number),
    **dict.fromkeys(("borrower_name", "guarantor_name"), forms.name),
}
"""How each column is read; a column that is not here is plain text."""
_EXACT = (forms.day, forms.identifier, forms.whole_number)
"""What reads otherwise when its end is gone, and is not refused."""
TEXTS = (
    "borrower_name",
    "guarantor_name",
    "product",
    "lender",
    "email",
    "language",
    "preferred_channel",
    "tags",
    "holds",
)
AMOUNTS = frozenset(name for name, reader in READERS.items() if reader is forms.amount)
DECISIVE = ("amount_paid", "holds")
_PAID = re.compile(
    r"^(?!fecha|dia|no |num|forma|medio|canal).*"
    r"\b(?:pagad[oa]s?|abon(?:ad)?os?|acumulados?|cobrad[oa]s?|recibid[oa]s?|paid)\b"
)
"""A name of what was paid, as lenders make them up."""
HEADER_WITHIN = 60
"""Lines within which the header stands."""
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


@dataclass(slots=True)
class _Header:
    """The header as it was found: our name or none for each column."""

    line: int
    names: list[str]
    """Theirs."""
    width: int
    """Cells of its row, those without a name included."""
    ours: list[str | None]
    rest: Iterator[Row] = field(default_factory=lambda: iter(()))

    @property
    def ignored(self) -> list[str]:
        return [name for name, ours in zip(self.names, self.ours, strict=True) if ours is None and name]


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
    before = end = ""
    for line, texts in header.rest:
        if not (texts and texts[0].strip()) and not any(text.strip() for text in texts):
            continue
        if _repeats(texts, repeated):
            continue
        if is_total(texts, loan_place):
            check_count(path, line, texts, reader.rows)
            check_total(path, line, texts, reader.totals, header.names, mapping.formats)
            continue
        if row is not None:
            yield row
        reader.rows += 1
        row = _wrong(line, texts, header, columns_read, splittable) or reader.read(line, texts)
        before, end = end, texts[len(header.names) - 1] if len(texts) >= len(header.names) else ""
    if row is not None:
        yield _last(path, row, header, before or _marked(header, texts), end)


def _splittable(path: Path, header: _Header) -> list[int]:
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
    line: int, texts: Sequence[str], header: _Header, columns: Sequence[_Column], splittable: Sequence[int]
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


def _columns(header: _Header, mapping: Mapping) -> list[_Column]:
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


@dataclass(frozen=True, slots=True)
class Layout:
    """What of a file is read."""

    header_line: int
    used: MappingType[str, str]
    """Ours → theirs."""
    ignored: Sequence[str]
    """Theirs that are none of ours."""


def layout_of(path: Path, mapping: Mapping, columns: Collection[str]) -> Layout:
    """Raises NotATable."""
    header = find_header(path, mapping, (), columns)
    used = {ours: name for ours, name in zip(header.ours, header.names, strict=True) if ours}
    return Layout(header.line, used, header.ignored)


def find_header(path: Path, mapping: Mapping, required: Sequence[str], columns: Collection[str]) -> _Header:
    """Raises NotATable that names what the header lacks, or has twice, or spells almost like one of ours."""
    theirs = {_key(name): ours for ours, name in mapping.columns.items()}
    rows = read_table(path, mapping.formats)
    seen: list[Row] = []
    for row in rows:
        seen.append(row)
        if mapping.formats.header_row == row[0] or (
            mapping.formats.header_row is None and not _lacking(row[1], theirs, mapping, required, columns)
        ):
            return _checked(path, row, theirs, mapping, required, columns, rows)
        if len(seen) >= HEADER_WITHIN:
            break
    best = max(seen, key=lambda row: _known(row[1], theirs, columns), default=(1, []))
    return _checked(path, best, theirs, mapping, required, columns, chain(rows))


def _key(name: str) -> str:
    return " ".join(fold(name).split())


def _ours(name: str, theirs: MappingType[str, str], columns: Collection[str]) -> str | None:
    key = _key(name)
    return theirs.get(key) or (name.strip() if name.strip() in columns else None)


def _known(texts: Sequence[str], theirs: MappingType[str, str], columns: Collection[str]) -> int:
    return sum(_ours(text, theirs, columns) is not None for text in texts)


def _lacking(
    texts: Sequence[str],
    theirs: MappingType[str, str],
    mapping: Mapping,
    required: Sequence[str],
    columns: Collection[str],
) -> list[str]:
    here = (
        {_ours(text, theirs, columns) for text in texts}
        | mapping.constants.keys()
        | mapping.overriding.keys()
    )
    return [name for name in required if name not in here]


def _checked(
    path: Path,
    row: Row,
    theirs: MappingType[str, str],
    mapping: Mapping,
    required: Sequence[str],
    columns: Collection[str],
    rest: Iterator[Row],
) -> _Header:
    line, texts = row
    names = [" ".join(text.split()) for text in texts]
    while names and not names[-1]:
        names.pop()
    header = _Header(line, names, len(texts), [_ours(name, theirs, columns) for name in names], rest)
    keys = [_key(name) for name in names]
    faults = []
    for ours, name in mapping.columns.items():
        if _key(name) not in keys:
            near = get_close_matches(_key(name), keys, 1)
            faults.append(_mapped_to_none(ours, name, names[keys.index(near[0])] if near else None))
    if lacking := ", ".join(_lacking(texts, theirs, mapping, required, columns)):
        has = ", ".join(names)[:200] or "–"
        what = f"the header lacks {lacking}; it has {has}. `acuerdo import suggest` writes a --mapping for it"
        faults.append(Fault("header_lacks", what, lacking=lacking, has=has))
    found = [ours for ours in header.ours if ours]
    if twice := ", ".join(sorted({name for name in found if found.count(name) > 1})):
        faults.append(Fault("header_twice", f"the header has {twice} twice", twice=twice))
    if both := ", ".join(sorted(set(found) & mapping.constants.keys())):
        what = f"{both} stands in the file and in [constants]: keep one of them"
        faults.append(Fault("column_and_constant", what, both=both))
    faults += _misspelt(header, mapping, columns)
    if faults:
        raise NotATable(path, [fault.at("", line) for fault in faults])
    return header


def _mapped_to_none(ours: str, name: str, near: str | None) -> Fault:
    what = f"the mapping's {ours} = {name!r} is no column of the file"
    if near is None:
        return Fault("mapped_to_none", what, ours=ours, name=name)
    return Fault("mapped_to_near", f"{what}: did you mean {near!r}?", ours=ours, name=name, near=near)


def _misspelt(header: _Header, mapping: Mapping, columns: Collection[str]) -> list[Fault]:
    """A column that resembles one of ours which is not here is not left out in silence; nor is one that has a
    usual name of what decides how much is owed, or who is left alone.
    """
    missing = [name for name in columns if name not in header.ours and name not in mapping.constants]
    faults = []
    for name in header.ignored:
        key = header_key(name)
        meant = synonyms().get(key) or ("amount_paid" if _PAID.search(key) else None)
        near = get_close_matches(_key(name).replace(" ", "_"), missing, 1, cutoff=0.84)
        if meant in DECISIVE and meant in missing:
            near = [meant]
        if near and name not in mapping.formats.ignore:
            what = (
                f"there is no column {name!r}: did you mean {near[0]}? "
                f'Map it, or leave it out with [formats] ignore = ["{name}"]'
            )
            faults.append(Fault("column_misspelt", what, name=name, near=near[0]))
    return faults


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


def _marked(header: _Header, texts: Sequence[str]) -> str:
    """Of the only row: another amount that has a mark, where the last cell is one too."""
    if header.ours[-1] not in AMOUNTS:
        return ""
    amounts = (text for ours, text in zip(header.ours[:-1], texts, strict=False) if ours in AMOUNTS)
    return next((text for text in amounts if "." in text or "," in text), "")


def _last(path: Path, row: DialectRow, header: _Header, before: str, end: str) -> DialectRow:
    ours = header.ours[-1] or ""
    checked = ours in AMOUNTS or READERS.get(ours) in _EXACT
    if row.errors or not checked or path.suffix.casefold() in WORKBOOKS or not ends_inside(path):
        return row
    alone = ours == "loan_id" and not before  # no other loan's shows how long it is
    if not alone and not may_be_cut(end.strip(), before.strip(), amount=ours in AMOUNTS):
        return row
    return DialectRow(row.line, row.cells, (CellError(ours, "cut_cell", {}, end),))
