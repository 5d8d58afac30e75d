"""One row of a loan tape: an instalment with its loan and borrower, checked column by column."""

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import orjson

from bot.portfolio.errors import RowError
from bot.portfolio.loan_shape import NOT_OF_SHAPE, SHAPE_COLUMNS
from models.contact_point import CHANNELS
from models.instalment import COMPONENTS
from values import (
    EXTERNAL_ID,
    MOST_TAGS,
    Clabe,
    InvalidAmount,
    InvalidClabe,
    InvalidIdentityCode,
    InvalidPhone,
    InvalidTag,
    Money,
    Phone,
    join_tags,
    parse_curp,
    parse_rfc,
    state_code,
)

REQUIRED = ("loan_id", "borrower_id", "borrower_name", "phone", "instalment_no", "due_date", "amount_due")
OPTIONAL = (
    "phone_2",
    "amount_paid",
    "principal",
    "interest",
    "late_fees",
    "tax",
    "email",
    "birth_date",
    "curp",
    "rfc",
    "state",
    "municipality",
    "language",
    "preferred_channel",
    "product",
    "opened_on",
    "lender",
    "pay_clabe",
    "pay_reference",
    "cash_reference",
    "guarantor_name",
    "guarantor_phone",
    "tags",
    "holds",
    "as_of",
)
COLUMNS = REQUIRED + OPTIONAL + SHAPE_COLUMNS
OF_INSTALMENT = ("instalment_no", "due_date", "amount_due", "amount_paid", *COMPONENTS)
OF_LOAN = tuple(name for name in REQUIRED + OPTIONAL if name not in OF_INSTALMENT)
"""What the rows of a loan repeat: it is read once."""
LOANS_KEPT = 4096
HOLDS = ("dispute", "deceased", "vulnerable", "legal", "opt_out")
_EMAIL = re.compile(r"^[^@\s]+@[^@\s]+\.[^@\s]+$")
_LANGUAGES = {"es": "es_MX", "es_mx": "es_MX", "es-mx": "es_MX", "en": "en", "": "es_MX"}
_FILLER = re.compile(r"^\+52(?:(\d)\1{9}|1234567890|9876543210)$")
_MANGLED = re.compile(
    r"[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|\ufffd|[^\W\d_][?¡¿¢£¤¥¦§©¬‚ƒ„†‡‰][^\W\d_]"
)
"""What a wrong encoding makes of accented letters: no text has it."""
_MANGLED_NAME = re.compile(rf"{_MANGLED.pattern}|[¢£¤¥¦§©®¬¯±²³¶¸¹¼½¾×÷€‚ƒ„†‡‰™]|\w[—?¡¿]|[?¡¿]\w")
"""A brand may be «¡Listo!» or have a mark: nobody's name does."""
_SHEET_ERROR = re.compile(r"^#[¡¿]?[A-ZÁÉÍÓÚ0-9/]+[!?]$")
MOST_CENTAVOS = 10**12
EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


def names_of(shape: str) -> tuple[list[str], list[str]]:
    """The columns that a file of this shape must have, and all that are read of it."""
    left_out = NOT_OF_SHAPE if shape == "loans" else ()
    required, columns = ([name for name in names if name not in left_out] for names in (REQUIRED, COLUMNS))
    return required, columns


class LoanTerms(NamedTuple):
    """What a row states about its loan as a whole, and most rows of the loan repeat."""

    loan_id: str
    borrower: Mapping[str, Any]
    loan: Mapping[str, Any]
    phone: str
    phone_2: str | None
    holds: tuple[str, ...]
    as_of: date | None

    def by_column(self) -> dict[str, Any]:
        """What is stated in each column but the ids; empty where a cell is."""
        borrower = {name: value for name, value in self.borrower.items() if name != "external_id"}
        borrower["borrower_name"] = borrower.pop("name")
        of_rest = {"phone": self.phone, "phone_2": self.phone_2, "holds": self.holds, "as_of": self.as_of}
        return {**borrower, **self.loan, **of_rest}


def together(terms: Sequence[LoanTerms]) -> LoanTerms:
    """What the rows of one loan, of which none contradicts another, state of it: a cell that the first leaves
    empty stands in a later one, as where a spreadsheet's cells were merged.
    """
    first, *others = terms
    for other in others:
        first = first._replace(
            borrower=_filled(first.borrower, other.borrower),
            loan=_filled(first.loan, other.loan),
            phone_2=first.phone_2 or other.phone_2,
            holds=first.holds or other.holds,
        )
    return first


def _filled(stated: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value or other[name] for name, value in stated.items()}


class TapeRow(NamedTuple):
    """Amounts in centavos; `unpaid` by component, after what was paid."""

    line: int
    terms: LoanTerms
    number: int
    due_date: date
    amount: int
    unpaid: Mapping[str, int]

    @property
    def loan_id(self) -> str:
        return self.terms.loan_id

    @property
    def borrower(self) -> Mapping[str, Any]:
        return self.terms.borrower

    @property
    def loan(self) -> Mapping[str, Any]:
        return self.terms.loan

    @property
    def as_of(self) -> date | None:
        return self.terms.as_of


@dataclass(frozen=True, slots=True)
class TapeLoan:
    rows: Sequence[TapeRow]
    whole: bool = True
    """Whether every row of it was good: only then does an instalment that is not here owe nothing any more.
    """

    @property
    def first(self) -> TapeRow:
        return self.rows[0]

    @property
    def phones(self) -> tuple[str, ...]:
        """The main one first."""
        terms = self.first.terms
        return tuple(dict.fromkeys(filter(None, (terms.phone, terms.phone_2))))

    @property
    def holds(self) -> tuple[str, ...]:
        return self.first.terms.holds

    @property
    def hash(self) -> str:
        """Of all that the tape says of the loan itself: the same tape again is known by it. 64 hex digits."""
        rows = [
            (row.number, row.due_date.isoformat(), row.amount, sorted(row.unpaid.items()))
            for row in self.rows
        ]
        content = [sorted(self.first.loan.items()), sorted(self.holds), sorted(rows), self.whole]
        return hashlib.sha256(orjson.dumps(content, default=str)).hexdigest()


class _Row:
    """Reads the columns of a row and gathers what is wrong."""

    def __init__(self, line: int, cells: Mapping[str, str | None]) -> None:
        self.line = line
        self.errors: list[RowError] = []
        self._cells = cells

    def wrong(self, column: str, fault: str, **params: object) -> None:
        """The first fault of a cell is named: what follows comes of it."""
        if any(error.column == column for error in self.errors):
            return
        value = (self._cells.get(column) or "").strip()[:80]
        loan = (self._cells.get("loan_id") or "").strip()[:64]
        self.errors.append(RowError(self.line, column, fault, params, loan, value))

    def text(self, column: str, most: int = 200, mangled: re.Pattern[str] = _MANGLED) -> str:
        value = (self._cells.get(column) or "").strip()
        if column in REQUIRED and not value:
            self.wrong(column, "empty")
        if len(value) > most:
            self.wrong(column, "too_long", most=most)
        if not value.isprintable() and any(ord(c) < 32 for c in value):
            self.wrong(column, "control_characters")
        if value.startswith("#") and _SHEET_ERROR.match(value):
            self.wrong(column, "sheet_error")
        if mangled.search(value):
            self.wrong(column, "mangled")
        return value

    def name(self, column: str) -> str:
        """Borrowers are greeted by it."""
        text = self.text(column, mangled=_MANGLED_NAME)
        if text and not any(letter.isalpha() for letter in text):
            self.wrong(column, "not_a_name")
        return text

    def day(self, column: str) -> date | None:
        if not (text := self._cells.get(column)):
            self.text(column)
            return None
        try:
            day = date.fromisoformat(text.strip())
        except ValueError:
            if self.text(column):
                self.wrong(column, "not_a_day")
            return None
        if not EARLIEST <= day <= LATEST:
            self.wrong(column, "day_out_of_range", first=str(EARLIEST.year), last=str(LATEST.year))
        return day

    def centavos(self, column: str) -> int | None:
        if not self._cells.get(column) and column not in REQUIRED:
            return None
        try:
            amount = _centavos(self._cells.get(column) or "")
        except InvalidAmount:
            if self.text(column):
                self.wrong(column, "not_an_amount")
            return None
        if amount > MOST_CENTAVOS:
            self.wrong(column, "amount_too_large")
        return amount

    def matching(self, column: str, pattern: re.Pattern[str], fault: str) -> str | None:
        text = self.text(column, 64 if pattern is EXTERNAL_ID else 254)
        if text and not pattern.match(text):
            self.wrong(column, fault)
        return text or None

    def code(self, column: str, parse: Callable[[str], str | None], fault: str) -> str | None:
        if not (text := self.text(column)):
            return None
        try:
            return parse(text)
        except InvalidIdentityCode:
            self.wrong(column, fault)
            return None

    def tags(self) -> str | None:
        """Null where no column names any; an empty cell takes away those that the loan had."""
        if self._cells.get("tags") is None:
            return None
        given = [part for part in self.text("tags", 900).split(";") if part.strip()]
        if len(given) > MOST_TAGS:
            self.wrong("tags", "too_many_tags", most=MOST_TAGS)
            return None
        try:
            return join_tags(given)
        except InvalidTag:
            self.wrong("tags", "not_a_tag")
            return None

    def phone(self, column: str) -> str | None:
        if not (text := self.text(column)):
            return None
        try:
            phone = Phone.parse(text).e164
        except InvalidPhone:
            self.wrong(column, "not_a_phone")
            return None
        if _FILLER.match(phone):
            self.wrong(column, "filler_number")
        return phone


@lru_cache(LOANS_KEPT)
def _centavos(pesos: str) -> int:
    return Money.parse_pesos(pesos).centavos


def parse_row(line: int, cells: Mapping[str, str | None]) -> TapeRow | list[RowError]:
    """The row, or everything that is wrong with it."""
    row = _Row(line, cells)
    terms = _terms(*map(cells.get, OF_LOAN))
    number = row.text("instalment_no")
    if number and not (number.isdecimal() and 1 <= int(number) <= 9999):
        row.wrong("instalment_no", "not_an_instalment")
    amount, due = row.centavos("amount_due"), row.day("due_date")
    unpaid = _unpaid(row, amount or 0)
    if not isinstance(terms, LoanTerms):
        row.errors += [replace(error, line=line) for error in terms]
    if row.errors or not isinstance(terms, LoanTerms):
        return row.errors
    assert due is not None
    return TapeRow(line, terms, int(number), due, amount or 0, unpaid)


@lru_cache(LOANS_KEPT)
def _terms(*texts: str | None) -> LoanTerms | list[RowError]:
    """The cells of OF_LOAN; errors without their line."""
    row = _Row(0, dict(zip(OF_LOAN, texts, strict=True)))
    phone, phone_2 = row.phone("phone"), row.phone("phone_2")
    loan_id = row.matching("loan_id", EXTERNAL_ID, "not_an_id")
    borrower, loan, holds, as_of = _borrower(row), _loan(row), _holds(row), row.day("as_of")
    if row.errors:
        return row.errors
    assert loan_id is not None
    assert phone is not None
    return LoanTerms(loan_id, borrower, loan, phone, phone_2, holds, as_of)


def _unpaid(row: _Row, amount: int) -> dict[str, int]:
    """By component, less what was paid: tax, late fees, interest, principal, in this order. No components:
    all principal.
    """
    given = {part: row.centavos(part) for part in COMPONENTS}
    parts = {part: value or 0 for part, value in given.items()}
    if all(value is None for value in given.values()):
        parts["principal"] = amount
    elif sum(parts.values()) != amount and not row.errors:
        row.wrong(
            "amount_due", "components", amount=f"{amount / 100:.2f}", sum=f"{sum(parts.values()) / 100:.2f}"
        )
    paid = row.centavos("amount_paid") or 0
    if paid > amount and not row.errors:
        row.wrong("amount_paid", "paid_too_much")
    for part in ("tax", "late_fees", "interest", "principal") if paid else ():
        taken = min(paid, parts[part])
        parts[part] -= taken
        paid -= taken
    return parts


def _is_municipality(code: str, state: str | None) -> bool:
    """Three digits within the state, or five of which the first two are that state's."""
    if not (code.isascii() and code.isdecimal()):
        return False
    return len(code) == 3 or (len(code) == 5 and state_code(code[:2]) == (state or code[:2]))


def _borrower(row: _Row) -> dict[str, Any]:
    state = row.text("state")
    channel, language = (row.text(name).casefold() for name in ("preferred_channel", "language"))
    code = state_code(state) if state else None
    if state and code is None:
        row.wrong("state", "not_a_state")
    municipality = row.text("municipality", 5)
    if municipality and not _is_municipality(municipality, code):
        row.wrong("municipality", "not_a_municipality")
    if channel and channel not in CHANNELS:
        row.wrong("preferred_channel", "not_one_of", choices=", ".join(CHANNELS))
    if language not in _LANGUAGES:
        row.wrong("language", "not_one_of", choices="es_MX, en")
    return {
        "external_id": row.matching("borrower_id", EXTERNAL_ID, "not_an_id"),
        "name": row.name("borrower_name"),
        "birth_date": row.day("birth_date"),
        "curp": row.code("curp", parse_curp, "not_a_curp"),
        "rfc": row.code("rfc", parse_rfc, "not_an_rfc"),
        "email": row.matching("email", _EMAIL, "not_an_email"),
        "state": code,
        "municipality": municipality or None,
        "language": _LANGUAGES.get(language, "es_MX"),
        "preferred_channel": channel or None,
    }


def _loan(row: _Row) -> dict[str, Any]:
    clabe = row.text("pay_clabe")
    if clabe:
        try:
            clabe = Clabe.parse(clabe).digits
        except InvalidClabe:
            row.wrong("pay_clabe", "not_a_clabe")
    return {
        "product": row.text("product", 80) or None,
        "opened_on": row.day("opened_on"),
        "lender": row.text("lender", 120) or None,
        "pay_clabe": clabe or None,
        "pay_reference": row.text("pay_reference", 40) or None,
        "cash_reference": row.text("cash_reference", 40) or None,
        "tags": row.tags(),
        "guarantor_name": row.name("guarantor_name") or None,
        "guarantor_phone": row.phone("guarantor_phone"),
    }


def _holds(row: _Row) -> tuple[str, ...]:
    parts = filter(None, map(str.strip, row.text("holds").split(";")))
    holds = {re.sub(r"[\s-]+", "_", part.casefold()) for part in parts}
    if not holds <= {*HOLDS}:
        row.wrong("holds", "not_one_of", choices=", ".join(HOLDS))
    return tuple(sorted(holds))
