"""One cell at a time into plain form: days as 2026-11-30, amounts as 1234.50, phones and names as they are
meant. What could mean two things is refused, with the setting that decides it.
"""

import re
from datetime import date, datetime
from functools import lru_cache

from bot.portfolio.dialect.mapping import Formats
from values import fold, given_first


class InvalidCell(ValueError):
    """A cell that cannot be read. `fault`: `tape.<fault>` of the catalogues, with its params."""

    def __init__(self, fault: str, **params: object) -> None:
        super().__init__(fault)
        self.fault, self.params = fault, params


DESTROYED = re.compile(r"^\s*-?\d(?:[.,]\d+)?[eE]\+?\d+\s*$")
"""A long number as a spreadsheet shortens it: its digits are lost."""
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})$")
_SLASHED = re.compile(r"^(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})$")
_NAMED = re.compile(r"^(\d{1,2})[-/ ](?:de )?([a-zñ]{3,10})\.?[-/ ](?:de )?(\d{4}|\d{2})$")
_PACKED = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
_SERIAL = re.compile(r"^[1-9]\d{4}(?:\.\d+)?$")
"""A day as a spreadsheet counts it, whose column was not formatted as one."""
_TIME = re.compile(r"[ T]00:00(?::00(?:\.0+)?)?$|[ T]12:00:00 a\.?\s?m\.?$", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "sep", "oct", "nov", "dic dec"),
        1,
    )
    for name in names.split()
}
_AMOUNT = re.compile(r"^[0-9][0-9.,' ]*$")
_SPACES = re.compile(r"[\u00a0\u2007\u202f\s]+")


def day(text: str, formats: Formats) -> str:
    """ISO. Raises InvalidCell."""
    return _day(text, formats.dates)


@lru_cache(maxsize=65536)
def _day(text: str, form: str | None) -> str:
    found = _matched(_plain_day(text), form)
    try:
        return date(*found).isoformat()
    except ValueError:
        raise InvalidCell("no_such_day") from None


def _plain_day(text: str) -> str:
    """Without the hour of midnight, and the apostrophe by which a spreadsheet keeps a text a text."""
    return _TIME.sub("", _SPACES.sub(" ", text.strip().lstrip("'’").strip()).casefold())


def _matched(plain: str, form: str | None) -> tuple[int, int, int]:
    """Year, month and day. ISO is always taken: it can mean one thing only."""
    if match := _ISO.match(plain):
        return int(match[1]), int(match[2]), int(match[3])
    if match := _SLASHED.match(plain):
        first, second, year = int(match[1]), int(match[2]), int(match[3])
        if form == "dd/mm/yyyy":
            return year, second, first
        if form == "mm/dd/yyyy":
            return year, first, second
        fitting = [name for name, month in (("dd/mm/yyyy", second), ("mm/dd/yyyy", first)) if month <= 12]
    elif (match := _NAMED.match(plain)) and match[2][:3] in _MONTHS:
        if form == "dd-mmm-yy":
            year = int(match[3]) if len(match[3]) == 4 else _century(int(match[3]))
            return year, _MONTHS[match[2][:3]], int(match[1])
        fitting = ["dd-mmm-yy"]
    elif match := _PACKED.match(plain):
        if form == "yyyymmdd":
            return int(match[1]), int(match[2]), int(match[3])
        fitting = ["yyyymmdd"]
    elif _SERIAL.match(plain):
        raise InvalidCell("day_serial")
    else:
        fitting = []
    raise _not_a_day(form, fitting)


def form_of_day(text: str) -> str | None:
    """The form of a day that shows which it is; null for ISO, which needs none, and for what has none."""
    plain = _plain_day(text)
    if (match := _NAMED.match(plain)) and match[2][:3] in _MONTHS:
        return "dd-mmm-yy"
    return "yyyymmdd" if _PACKED.match(plain) else None


def _not_a_day(form: str | None, fitting: list[str]) -> InvalidCell:
    if form is not None:
        return InvalidCell("not_a_day_of_form", form=form)
    if not fitting:
        return InvalidCell("not_a_day")
    settings = " | ".join(f'dates = "{name}"' for name in fitting)
    return InvalidCell("day_ambiguous" if len(fitting) > 1 else "day_of_other_form", settings=settings)


def _century(year: int) -> int:
    """A two-digit year: up to 60 it is of this century, above of the last (birth dates)."""
    return 2000 + year if year <= 60 else 1900 + year


def amount(text: str, formats: Formats) -> str:
    """Pesos with two decimals. Raises InvalidCell for signs, more than two decimals, and what could be read
    twice.
    """
    return _amount(text, formats.decimal)


@lru_cache(maxsize=65536)
def _amount(text: str, decimal: str | None) -> str:
    plain = _SPACES.sub(" ", text.strip()).lstrip("'’").strip()
    plain = re.sub(
        r"^(?:mxn|mx|m\.n\.)?\s*\$?\s*|\s*(?:mxn|m\.?n\.?|pesos)?\s*$", "", plain, flags=re.IGNORECASE
    )
    if re.fullmatch(r"\(.*\)|-.*|.*-|\+.*", plain):
        raise InvalidCell("amount_signed")
    if DESTROYED.match(plain):
        raise InvalidCell("shortened")
    if not _AMOUNT.match(plain):
        raise InvalidCell("not_an_amount")
    whole, cents = _parts(plain, decimal)
    if cents[2:].strip("0"):
        raise InvalidCell("amount_decimals")
    return f"{int(whole)}.{cents[:2]:0<2}"


_GROUPED = re.compile(r"^\d+$|^\d{1,3}(?:([.,' ])\d{3})(?:\1\d{3})*$")
"""Whole pesos, with thousands in groups or not."""


def _parts(plain: str, decimal: str | None) -> tuple[str, str]:
    """Digits before and after the decimal sign. Raises InvalidCell."""
    marks = [c for c in plain if c in ".,"]
    if decimal is None and len(marks) == 1 and re.fullmatch(r"\d{1,3}[.,]\d{3}", plain):
        raise InvalidCell("amount_ambiguous")
    sign = decimal or (marks[-1] if len(set(marks)) == 2 or len(marks) == 1 else "")
    whole, _, cents = plain.partition(sign) if sign else (plain, "", "")
    if not _GROUPED.match(whole) or not (cents.isdecimal() or not cents):
        raise (
            InvalidCell("amount_other_decimal", decimal=decimal) if decimal else InvalidCell("not_an_amount")
        )
    return re.sub(r"\D", "", whole), cents


_PHONE_NOISE = re.compile(r"[\u2010-\u2015\u2212/·_]")


def phone(text: str, formats: Formats) -> str:
    """As people and spreadsheets write phones: `5512340417.0`, `'55…`, an en dash, `0052…`, `+52 044…`."""
    del formats
    if DESTROYED.match(text):
        raise InvalidCell("shortened")
    plain = _PHONE_NOISE.sub("-", text.strip().lstrip("'’").strip()).removesuffix(".0")
    digits = re.sub(r"\D", "", plain)
    if digits.startswith("00"):
        plain = "+" + digits[2:]
    if match := re.fullmatch(r"(?:52)?(?:044|045|01)(\d{10})", re.sub(r"\D", "", plain)):
        return match[1]
    return plain


def identifier(text: str, formats: Formats) -> str:
    """Raises InvalidCell for a number that a spreadsheet shortened."""
    del formats
    if DESTROYED.match(text):
        raise InvalidCell("shortened")
    return text.strip().lstrip("'’").strip()


def whole_number(text: str, formats: Formats) -> str:
    del formats
    return text.strip().lstrip("'’").strip().removesuffix(".0")


def name(text: str, formats: Formats) -> str:
    """Given names first. Raises InvalidCell for what a spreadsheet would run."""
    plain = text.strip()
    if plain.startswith(("=", "@", "+", "-")):
        raise InvalidCell("formula")
    return given_first(plain, formats.names)


def plain_text(text: str, formats: Formats) -> str:
    del formats
    return text.strip()


def null_words(formats: Formats) -> frozenset[str]:
    """What means an empty cell, folded."""
    from bot.portfolio.dialect.mapping import NULLS

    return frozenset({*NULLS, *(fold(word.strip()) for word in formats.nulls)})


def spreadsheet_text(value: object) -> str:
    """A cell of a workbook as a text: whole numbers without a point, days in ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"  # as a spreadsheet exports it: no number of anything
    if isinstance(value, float):
        if value.is_integer():
            return f"{value:.0f}" if abs(value) < 1e15 else f"{value:.5E}"
        return repr(round(value, 9))
    return str(value)
