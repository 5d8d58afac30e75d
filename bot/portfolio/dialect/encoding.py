"""In which encoding a file of texts is written, by its bytes."""

import codecs
import re
from pathlib import Path

from bot.faults import Fault
from bot.portfolio.dialect.invalid import NotATable

CHUNK = 1 << 20
WINDOWS = "cp1252"
OTHERS = ("cp850", "mac_roman")
"""Of consoles and old programs, and of spreadsheets on a Mac."""
LETTERS = frozenset("áéíóúüñÁÉÍÓÚÜÑ")
USUAL = LETTERS | frozenset("¿¡°ºª")
ACCENTED = frozenset(chr(code) for code in range(0xC0, 0x100)) - frozenset("×÷")
_INSIDE = re.compile(rb"(?<=[A-Za-z])[\x80-\xff](?=[A-Za-z])")
_ASCII = bytes(range(0x80))
_WHAT = (
    "does not show in which encoding its letters are: export it as UTF-8, or say which in the mapping, "
    '[formats] encoding = "windows-1252" | encoding = "cp850" | encoding = "mac_roman"'
)


def encoding_of(path: Path) -> str:
    """By the file's own mark, or the zeros that UTF-16 has next to plain letters; else UTF-8 where every byte
    of it is; else the one that makes letters of what stands inside words. Raises NotATable where none does,
    or two do, and of what is no text.
    """
    with path.open("rb") as file:
        start = file.read(4)
        if start.startswith(codecs.BOM_UTF8):
            return "utf-8-sig"
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        for zeros, encoding in ((start[1::2], "utf-16-le"), (start[::2], "utf-16-be")):
            if zeros == b"\0\0" and start.count(0) == len(zeros):
                return encoding
        start += file.read(CHUNK)
    if start.startswith(b"%PDF") or b"\0" in start:
        raise NotATable(path, [Fault("no_text", "is no text: save it as CSV, or as a workbook with .xlsx")])
    return "utf-8" if _is_utf8(path) else _of_one_byte(path)


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            for chunk in iter(lambda: file.read(CHUNK), b""):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _of_one_byte(path: Path) -> str:
    used, inside = set[int](), set[int]()
    with path.open("rb") as file:
        for chunk in iter(lambda: file.read(CHUNK), b""):
            used.update(chunk.translate(None, _ASCII))
            inside.update(*_INSIDE.findall(chunk))
    windows = _read(used, WINDOWS)
    within = _read(inside, WINDOWS) or frozenset()
    if windows is not None and within <= ACCENTED | {"’"}:
        return WINDOWS
    others = [each for each in OTHERS if (_read(used, each) or frozenset("?")) <= USUAL]
    if len(others) == 1 and not (windows is not None and within <= ACCENTED | {"–"}):
        return others[0]
    if windows is not None and not others:
        return WINDOWS
    raise NotATable(path, [Fault("encoding_unknown", _WHAT)])


def _read(found: set[int], encoding: str) -> frozenset[str] | None:
    """Null where one of the bytes is no letter of this encoding at all."""
    try:
        return frozenset(bytes(sorted(found)).decode(encoding))
    except UnicodeDecodeError:
        return None
