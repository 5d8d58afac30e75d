"""A file as rows of texts, whatever wrote it: CSV in any usual encoding and delimiter, or a sheet of a
workbook. A row at a time; the file is never held in memory.
"""

import csv
import io
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Protocol, TextIO

from python_calamine import CalamineError, CalamineWorkbook

from bot.faults import Fault
from bot.portfolio.dialect.cells import spreadsheet_text
from bot.portfolio.dialect.encoding import encoding_of
from bot.portfolio.dialect.invalid import NotATable
from bot.portfolio.dialect.mapping import Formats
from bot.portfolio.dialect.workbook import NotAWorkbook, Workbook

Row = tuple[int, list[str]]
"""Line of the file, from 1, and its cells."""
DELIMITERS = (",", ";", "\t", "|")
STREAMED = (".xlsx", ".xlsm")
WORKBOOKS = (*STREAMED, ".xls", ".ods")
_SAMPLE = 1 << 16
LONGEST_CELL = 1 << 16


def read_table(path: Path, formats: Formats) -> Iterator[Row]:
    """Raises NotATable."""
    if path.suffix.casefold() in WORKBOOKS:
        yield from _sheet(path, formats)
    else:
        yield from _csv(path, formats)


def _sheet(path: Path, formats: Formats) -> Iterator[Row]:
    try:
        book: _Book = Workbook(path) if path.suffix.casefold() in STREAMED else _Grid(path)
        yield from book.rows(_sheet_name(path, book, formats))
    except (CalamineError, NotAWorkbook, OSError) as error:
        fault = Fault("no_workbook", f"cannot be read as a workbook: {error}", error=error)
        raise NotATable(path, [fault]) from None


def _sheet_name(path: Path, book: "_Book", formats: Formats) -> str:
    """The one that the mapping names, or the only one with rows. Raises NotATable."""
    names = book.sheet_names
    if formats.sheet is not None:
        if formats.sheet in names:
            return formats.sheet
        has = ", ".join(names)
        what = f"has no sheet {formats.sheet!r}: it has {has}"
        raise NotATable(path, [Fault("no_sheet", what, sheet=formats.sheet, has=has)])
    filled = [name for name in names if len(list(islice(book.rows(name), 2))) == 2]
    if len(filled) != 1 and len(names) > 1:
        first = (filled or names)[0]
        what = f'has {len(filled)} sheets with rows: say which in the mapping, [formats] sheet = "{first}"'
        raise NotATable(path, [Fault("which_sheet", what, sheets=len(filled), first=first)])
    return (filled or names)[0]


class _Book(Protocol):
    @property
    def sheet_names(self) -> list[str]: ...

    def rows(self, sheet: str) -> Iterator[Row]: ...


class _Grid:
    """A workbook of another kind, a sheet of it in memory."""

    def __init__(self, path: Path) -> None:
        self._workbook = CalamineWorkbook.from_path(path)
        self.sheet_names = self._workbook.sheet_names

    def rows(self, sheet: str) -> Iterator[Row]:
        grid = self._workbook.get_sheet_by_name(sheet)
        for number, cells in enumerate(grid.iter_rows(), (grid.start or (0, 0))[0] + 1):
            yield number, [spreadsheet_text(cell) for cell in cells]


def _csv(path: Path, formats: Formats) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    try:
        encoding = formats.encoding or encoding_of(path)
        with path.open(encoding=encoding, newline="") as file:
            sample = file.read(_SAMPLE)
            file.seek(0)
            if sample.startswith("PK"):
                what = "is a workbook with another ending: rename it to .xlsx"
                raise NotATable(path, [Fault("other_ending", what)])
            delimiter, skip = _delimiter(sample, formats)
            for line, cells in _parsed(path, file, delimiter):
                if line > skip:
                    yield line, cells
    except (OSError, UnicodeError) as error:
        fault = Fault("no_table", f"cannot be read as a table: {error}", error=error)
        raise NotATable(path, [fault]) from None


def _parsed(path: Path, file: TextIO, delimiter: str) -> Iterator[Row]:
    """Each row at its last line."""
    reader, begins = csv.reader(file, delimiter=delimiter, strict=True), 1
    try:
        for cells in reader:
            yield reader.line_num, cells
            begins = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error) or "limit" in str(error):  # read on and on as one cell
            fault = Fault.worded("open_quote")
        else:
            fault = Fault("no_table", f"cannot be read as a table: {error}", error=error)
        raise NotATable(path, [fault.at("", begins)]) from None


def _delimiter(sample: str, formats: Formats) -> tuple[str, int]:
    """The delimiter, and how many lines to pass over: `sep=;` is a spreadsheet's own first line."""
    first = sample.lstrip("\ufeff").split("\n", 1)[0].strip()
    if first.casefold().startswith("sep=") and len(first) == 5:
        return formats.delimiter or first[4], 1
    if formats.delimiter is not None:
        return formats.delimiter, 0
    lines = [line for line in sample.splitlines()[:40] if line.strip()]
    return max(DELIMITERS, key=lambda each: _columns(lines, each)), 0


def _columns(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How many of these lines have most often one number of cells, above one; and that number."""
    try:
        counts = [
            len(cells)
            for cells in csv.reader(io.StringIO("\n".join(lines[:-1] or lines)), delimiter=delimiter)
        ]
    except csv.Error:
        return 0, 0
    wide = [count for count in counts if count > 1]
    if not wide:
        return 0, 0
    usual = max(set(wide), key=wide.count)
    return wide.count(usual), usual
