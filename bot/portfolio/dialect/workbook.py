"""An XLSX workbook as rows of texts, streamed: only its table of shared texts is held. Readers that make a
grid of a sheet hold every cell of it, the empty ones too.
"""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import lru_cache, partial
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree as ET
from xml.parsers import expat

from bot.portfolio.dialect.cells import spreadsheet_text

_CHUNK = 1 << 17
MOST_TEXT = 1 << 28
"""Characters of shared texts that are held at most."""
MOST_COLUMNS = 16_384
_NOT_SHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DAY = re.compile("[dmyhs]", re.IGNORECASE)
_BUILT_IN_DATES = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_UNCALCULATED = "#CALC!"
"""Of a formula whose value nothing worked out: an empty cell would be read as no amount."""
Cells = tuple[int, list[str]]
"""Number of the row, from 1, and its texts."""


class NotAWorkbook(ValueError):
    """No XLSX, or a damaged or hostile one."""


class Workbook:
    """Raises NotAWorkbook, here and while rows are read."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            self._sheets = self._find_sheets()
        except zipfile.BadZipFile:
            message = "it is none inside: save it again as .xlsx, or name it .csv where it is text"
            raise NotAWorkbook(message) from None
        except _FAULTS as error:
            raise NotAWorkbook(str(error)) from None
        self._strings: list[str] | None = None
        self._dates: frozenset[str] = frozenset()

    @property
    def sheet_names(self) -> list[str]:
        return list(self._sheets)

    def rows(self, sheet: str) -> Iterator[Cells]:
        """Those that have a cell, as wide as the widest before."""
        try:
            if self._strings is None:
                self._strings, self._dates = self._read_strings(), self._date_styles()
            reader = _SheetReader(self._strings, self._dates, self._epoch)
            width = 0
            with self._zip.open(self._sheets[sheet]) as file:
                for number, cells in reader.read(file):
                    width = max(width, len(cells))
                    yield number, cells + [""] * (width - len(cells))
        except _FAULTS as error:
            raise NotAWorkbook(str(error)) from None

    def _find_sheets(self) -> dict[str, str]:
        """Member of the archive by the sheet's name."""
        book = self._tree("xl/workbook.xml")
        links = self._tree("xl/_rels/workbook.xml.rels")
        targets = {link.get("Id"): link.get("Target", "") for link in links}
        properties = next((each for each in book.iter() if _local(each.tag) == "workbookPr"), None)
        old_mac = properties is not None and properties.get("date1904") in ("1", "true")
        self._epoch = datetime(1904, 1, 1) if old_mac else datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
        return {
            each.get("name", ""): normpath(join("xl", targets[link])).removeprefix("/")
            for each in book.iter()
            if _local(each.tag) == "sheet"
            for link in [next(value for name, value in each.items() if _local(name) == "id")]
        }

    def _tree(self, member: str) -> ET.Element:
        builder = ET.TreeBuilder()
        with self._zip.open(member) as file:
            _parse(file, builder.start, builder.end, builder.data)
        return builder.close()

    def _read_strings(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self._zip.namelist():
            return []
        reader = _StringsReader()
        with self._zip.open("xl/sharedStrings.xml") as file:
            _parse(file, reader.start, reader.end, reader.text)
        return reader.strings

    def _date_styles(self) -> frozenset[str]:
        """The styles of cells whose number is shown as a day."""
        if "xl/styles.xml" not in self._zip.namelist():
            return frozenset()
        styles = self._tree("xl/styles.xml")
        codes = {
            each.get("numFmtId"): each.get("formatCode", "")
            for each in styles.iter()
            if _local(each.tag) == "numFmt"
        }
        dates = {
            number for number, code in codes.items() if re.search("[dmyhs]", _NOT_SHOWN.sub("", code).lower())
        }
        dates |= {str(number) for number in _BUILT_IN_DATES if str(number) not in codes}
        cells = next((each for each in styles.iter() if _local(each.tag) == "cellXfs"), ())
        return frozenset(str(place) for place, each in enumerate(cells) if each.get("numFmtId") in dates)


_FAULTS: tuple[type[Exception], ...] = (
    expat.ExpatError,
    KeyError,
    OSError,
    StopIteration,
    ValueError,
    # what damaged archives raise
    EOFError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


class _StringsReader:
    """`<si>` with its texts; what is spoken (`<rPh>`) is not shown."""

    def __init__(self) -> None:
        self.strings: list[str] = []
        self._parts: list[str] = []
        self._depth = self._size = 0
        self._reads = False

    def start(self, name: str, _: dict[str, str]) -> None:
        name = _local(name)
        self._depth += name == "rPh"
        self._reads = name == "t" and not self._depth

    def text(self, text: str) -> None:
        if self._reads:
            self._size += len(text)
            if self._size > MOST_TEXT:
                raise NotAWorkbook("its texts are too large")
            self._parts.append(text)

    def end(self, name: str) -> None:
        name = _local(name)
        self._reads = False
        self._depth -= name == "rPh"
        if name == "si":
            self.strings.append("".join(self._parts))
            self._parts.clear()


class _SheetReader:
    """The cells of one sheet, a chunk of its XML at a time."""

    def __init__(self, strings: list[str], dates: frozenset[str], epoch: datetime) -> None:
        self._strings, self._dates, self._epoch = strings, dates, epoch
        self._done: list[Cells] = []
        self._number = 0
        self._cells: list[str] = []
        self._place = -1
        self._kind: str | None = None
        self._style: str | None = None
        self._value: list[str] = []
        self._reads = self._is_formula = False
        self._number_text = lru_cache(4096)(partial(_number_text, epoch=epoch))

    def read(self, file: IO[bytes]) -> Iterator[Cells]:
        for _ in _chunks(file, self._start, self._end, self._text):
            yield from self._done
            self._done.clear()

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c" or name.endswith(":c"):
            where = attributes.get("r")
            self._place = _column(where.rstrip("0123456789")) if where else self._place + 1
            self._kind, self._style = attributes.get("t"), attributes.get("s")
            self._value.clear()
            self._is_formula = False
        elif name in ("v", "t") or name.endswith((":v", ":t")):
            self._reads = True
        elif name == "f" or name.endswith(":f"):
            self._is_formula = True
        elif name == "row" or name.endswith(":row"):
            self._number = int(attributes.get("r", self._number + 1))
            self._cells, self._place = [], -1

    def _text(self, text: str) -> None:
        if self._reads:
            self._value.append(text)

    def _end(self, name: str) -> None:
        if name == "c" or name.endswith(":c"):
            if self._is_formula and not self._value and self._kind in (None, "n"):
                self._kind, self._value = "str", [_UNCALCULATED]
            if self._value:
                self._cells += [""] * (self._place - len(self._cells) + 1)
                self._cells[self._place] = self._shown("".join(self._value))
        elif name in ("v", "t") or name.endswith((":v", ":t")):
            self._reads = False
        elif (name == "row" or name.endswith(":row")) and self._cells:
            self._done.append((self._number, self._cells))

    def _shown(self, value: str) -> str:
        if self._kind == "s":
            place = int(value)
            return self._strings[place] if place < len(self._strings) else ""
        if self._kind in (None, "n"):
            return self._number_text(value, is_day=self._style in self._dates)
        return spreadsheet_text(value == "1") if self._kind == "b" else value


def _number_text(value: str, *, is_day: bool, epoch: datetime) -> str:
    number = float(value)
    if not is_day:
        return spreadsheet_text(number)
    seconds = round(number * 86_400)
    return spreadsheet_text(epoch + timedelta(seconds=seconds))


@lru_cache(MOST_COLUMNS)
def _column(letters: str) -> int:
    """`A` is 0. Raises NotAWorkbook."""
    place = 0
    for letter in letters.upper():
        place = place * 26 + ord(letter) - 64
        if not ("A" <= letter <= "Z" and place <= MOST_COLUMNS):
            raise NotAWorkbook(f"{letters[:8]} is no column")
    return place - 1


def _local(name: str) -> str:
    return name.rpartition("}")[2].rpartition(":")[2]


Start = Callable[[str, dict[str, str]], object]
Read = Callable[[str], object]


def _parse(file: IO[bytes], start: Start, end: Read, text: Read) -> None:
    for _ in _chunks(file, start, end, text):
        pass


def _chunks(file: IO[bytes], start: Start, end: Read, text: Read) -> Iterator[None]:
    """Calls back for what each chunk of XML holds."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = _refuse_doctype
    while chunk := file.read(_CHUNK):
        parser.Parse(chunk, False)
        yield
    parser.Parse(b"", True)
    yield


def _refuse_doctype(*_: object) -> None:
    raise NotAWorkbook("it declares a document type")
