"""Account numbers in what a borrower writes: found, judged, and masked before anything is kept."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from flows.types.event import AccountGiven
from values import Clabe, InvalidClabe, account_kind, bank_of, with_digits

_RUN = re.compile(r"(?<!\d)\d(?:[\s\-.·_\u2010-\u2015]{0,3}\d){9,23}(?!\d)")
_LONG = 15
"""From here on digits are an account or a card and never a phone, a folio or an amount."""
_TRACKING = re.compile(r"\b(?:rastreo|tracking)\b", re.IGNORECASE)
"""What is written with it is the key of a transfer that was made, and no account."""


@dataclass(frozen=True, slots=True)
class Found:
    """`given` may be known and kept; `digits` may not leave the turn but encrypted."""

    given: AccountGiven
    digits: str


def _runs(text: str) -> list[tuple[str, bool]]:
    """Digits, and whether they are of the key of a transfer."""
    return [
        ("".join(str(unicodedata.digit(c)) for c in match[0] if c.isdecimal()), _is_of_key(match))
        for match in _RUN.finditer(with_digits(text))
    ]


def _is_of_key(match: re.Match[str]) -> bool:
    """Named as one, or behind letters: «MBAN01002611230012345678»."""
    before = match.string[: match.start()]
    return before[-1:].isalpha() or _TRACKING.search(match.string) is not None


def mask(text: str, *, short_too: bool = False) -> str:
    """The text with every account number reduced to its last four digits; `short_too` when an account was
    asked for.
    """

    def reduce(match: re.Match[str]) -> str:
        digits = "".join(c for c in match[0] if c.isdigit())
        if not short_too and _is_of_key(match) and not _is_account(digits):
            return match[0]
        return f"••••{digits[-4:]}" if short_too or len(digits) >= _LONG else match[0]

    return _RUN.sub(reduce, with_digits(text))


def _shape(digits: str) -> Literal["card", "length"]:
    """By its length alone: a card is answered as one, whether its check digit fits or not."""
    return "card" if len(digits) in (15, 16) else "length"


def _is_account(digits: str) -> bool:
    """Whether its check digit fits: kept of nobody, whatever it is called."""
    kind = account_kind(digits)
    if kind != "clabe":
        return kind == "card"
    try:
        Clabe.parse(digits)
    except InvalidClabe:
        return False
    return True


def find(
    text: str, fingerprint: Callable[[str], str], debitable: Callable[[str], bool], *, expected: bool
) -> Found | None:
    """The account in the text, or what stands where one was expected; null when there is none."""
    runs = [
        run
        for run, of_key in dict.fromkeys(_runs(text))
        if expected or (len(run) >= _LONG and (not of_key or _is_account(run)))
    ]
    if not runs:
        return None
    if len(runs) > 1:
        return Found(AccountGiven("several"), "")
    digits = runs[0]
    kind = account_kind(digits)
    if kind != "clabe":
        return Found(AccountGiven(_shape(digits) if kind == "unknown" else kind, last4=digits[-4:]), "")
    try:
        clabe = Clabe.parse(digits)
    except InvalidClabe:
        return Found(AccountGiven("invalid", last4=digits[-4:]), "")
    bank = bank_of(clabe)
    given = AccountGiven(
        "clabe",
        fingerprint=fingerprint(clabe.digits),
        bank_code=clabe.bank_code,
        bank=bank.name if bank else None,
        last4=clabe.last4,
        debitable=debitable(clabe.bank_code),
    )
    return Found(given, clabe.digits)
