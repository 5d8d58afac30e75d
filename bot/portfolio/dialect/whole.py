"""Whether a file and its rows are whole: a row that was split or cut, a total that is not that of its rows, a
file that ends inside a cell.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from bot.faults import Fault
from bot.portfolio.dialect import cells as forms
from bot.portfolio.dialect.cells import InvalidCell
from bot.portfolio.dialect.columns import AMOUNTS, EXACT, READERS
from bot.portfolio.dialect.invalid import NotATable
from bot.portfolio.dialect.mapping import Formats
from values import fold

_TOTAL = re.compile(
    r"^(?:gran |sub ?)?total(?:es)?\b|^suma(?:s|toria)?\b"
    r"|^(?:no\.?|num\.?|numero) de (?:registros|creditos)\b"
)
_ROWS = r"\b(?:registros|renglones|filas|lineas|rows|records)\b"
_COUNT = re.compile(rf"(\d[\d,]*)\s+{_ROWS}|{_ROWS}\D*(\d[\d,]*)")
"""How many rows the file says that it has."""
CELLS_KEPT = 2048
"""Cells that are not looked at again: the rows of a loan repeat most of what they hold."""
_BEFORE_COMMA, _AFTER_COMMA = re.compile(r"^\s*\$?\s*\d{1,3}$"), re.compile(r"^\d{3}\.\d{2}\s*$")
"""The halves of `1,500.00` where nothing quotes it."""


def is_total(texts: Sequence[str], loan_place: int | None) -> bool:
    """A row of sums: it says so, and names no loan."""
    loan = texts[loan_place].strip() if loan_place is not None and loan_place < len(texts) else ""
    if loan and not _names_total(loan):
        return False
    return any(_names_total(text.strip()) for text in texts if text.strip())


@lru_cache(CELLS_KEPT)
def _names_total(text: str) -> bool:
    return _TOTAL.match(fold(text)) is not None


def check_count(path: Path, line: int, texts: Sequence[str], rows: int) -> None:
    """Raises NotATable where a last line counts other rows than there were."""
    text = " ".join(fold(text.strip()) for text in texts)
    if match := _COUNT.search(text):
        counted = int(re.sub(r"\D", "", match[1] or match[2]))
        if counted != rows:
            what = f"counts {counted} rows, but there are {rows}: the file is not whole"
            raise NotATable(path, [Fault("not_whole_rows", what, line=line, counted=counted, rows=rows)])


def check_total(
    path: Path,
    line: int,
    texts: Sequence[str],
    totals: Mapping[int, Decimal],
    names: Sequence[str],
    formats: Formats,
) -> None:
    """Raises NotATable where the sums of the file are not those of its rows: it was cut or edited."""
    label = next(fold(text.strip()) for text in texts if _names_total(text.strip()))
    for place, total in totals.items():
        text = texts[place].strip() if place < len(texts) else ""
        if not text or label.startswith("sub"):
            continue
        try:
            wanted = Decimal(forms.amount(text, formats))
        except InvalidCell:
            continue
        if wanted != total:
            column, has, sum_ = names[place], f"{wanted:,}", f"{total:,}"
            what = f"the total of {column!r} is {has}, but its rows sum to {sum_}: the file is not whole"
            fault = Fault("not_whole_sum", what, line=line, column=column, has=has, sum=sum_)
            raise NotATable(path, [fault])


def wrong_width(texts: Sequence[str], named: int, width: int) -> str | None:
    """The fault of a row with other cells than its header, which has `width`, `named` of them with a name:
    all cells after one that was split stand in the wrong column, even where the last one is empty.
    """
    if len(texts) < named:
        return "cells_missing"
    if len(texts) == named:
        return None
    return "cells_extra" if len(texts) > width or any(text.strip() for text in texts[named:]) else None


def split_amount(texts: Sequence[str], places: Collection[int]) -> int | None:
    """Where an amount was split at its thousands. `places`: of amounts before a cell that holds none."""
    for place in places:
        if _BEFORE_COMMA.match(texts[place]) and _AFTER_COMMA.match(texts[place + 1]):
            return place
    return None


def ends_inside(path: Path) -> bool:
    """Whether a text file ends without a line break: its last cell may be cut."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 2))
        return not file.read().strip(b"\x00").endswith((b"\n", b"\r"))


def may_be_cut(ours: str, end: str, before: str, beside: Sequence[str]) -> bool:
    """Of the last cell of such a file: an amount is whole with the decimals of the one above it, after the
    same mark («2,85» below «10.00» was 2,850.00); a day, an id and a number where they are not shorter. In
    an only row an amount beside it shows the mark, and nothing how long the loan's id is.
    """
    if ours in AMOUNTS:
        return _is_cut_amount(end.strip(), before.strip() or next(filter(_has_mark, beside), "").strip())
    if ours == "loan_id" and not before.strip():
        return True
    return READERS.get(ours) in EXACT and len(end.strip()) < len(before.strip())


def _is_cut_amount(end: str, shown: str) -> bool:
    mark, decimals = _decimals(end)
    above, wanted = _decimals(shown) if shown else (mark, 2)
    return decimals == 0 or decimals != wanted or mark != above


def _has_mark(amount: str) -> bool:
    return "." in amount or "," in amount


def _decimals(amount: str) -> tuple[str, int]:
    """The mark before them, and how many."""
    match = re.search(r"([.,])(\d*)\D*$", amount)
    return (match[1], len(match[2])) if match else ("", 0)
