"""CLABE, the 18-digit account number of Mexican banks: 3 digits of bank, 3 of place, 11 of account, 1 of
control.
"""

import re
from dataclasses import dataclass
from typing import Literal

from stdnum import luhn

_NOISE = re.compile(r"[\s\-.·]+")
_PREFIX = re.compile(r"^\s*clabe\s*[:#]?\s*", re.IGNORECASE)
_WEIGHTS = (3, 7, 1)
_LENGTH = 18

_COPIED = re.compile(
    r"(?<![a-z\d])(?=[oil\s.\-]*\d)[oil\d](?:[\s.\-]{0,3}[oil\d]){17}(?![a-z\d])", re.IGNORECASE
)
_LOOKS_LIKE = str.maketrans("oOiIlL", "001111")

AccountKind = Literal["clabe", "card", "account", "phone", "unknown"]


class InvalidClabe(ValueError):
    """Not a CLABE; the message never repeats the digits."""

    def __init__(self, reason: Literal["length", "control_digit", "not_digits"]) -> None:
        texts = {
            "length": "a CLABE has 18 digits: count them again",
            "control_digit": "the control digit does not match: one of the 18 digits is wrong",
            "not_digits": "a CLABE is made of digits only",
        }
        super().__init__(texts[reason])
        self.reason = reason


def control_digit(first17: str) -> int:
    """Weights 3, 7, 1; each product modulo 10; their sum taken from the next ten."""
    return -sum(int(digit) * _WEIGHTS[index % 3] % 10 for index, digit in enumerate(first17)) % 10


def with_digits(text: str) -> str:
    """The text in which a CLABE copied with an O, an I or an l for a digit has its digits; only where the
    control digit then fits.
    """
    return _COPIED.sub(_copied, text) if len(text) >= _LENGTH else text


def _copied(match: re.Match[str]) -> str:
    digits = match[0].translate(_LOOKS_LIKE)
    try:
        return Clabe.parse(digits).digits
    except InvalidClabe:
        return match[0]


@dataclass(frozen=True, slots=True)
class Clabe:
    digits: str

    @classmethod
    def parse(cls, text: str) -> "Clabe":
        """Accepts spaces, dashes and a «CLABE:» in front. The place is never checked: its list goes stale.
        Raises InvalidClabe.
        """
        digits = _NOISE.sub("", _PREFIX.sub("", text))
        if not digits.isascii() or not digits.isdigit():
            raise InvalidClabe("not_digits")
        if len(digits) != _LENGTH:
            raise InvalidClabe("length")
        if control_digit(digits[:17]) != int(digits[17]):
            raise InvalidClabe("control_digit")
        return cls(digits)

    @property
    def bank_code(self) -> str:
        return self.digits[:3]

    @property
    def last4(self) -> str:
        return self.digits[-4:]

    @property
    def masked(self) -> str:
        return f"••••{self.last4}"

    def __repr__(self) -> str:
        return f"Clabe({self.masked})"


def account_kind(digits: str) -> AccountKind:
    """What a run of digits is likely to be, by its length and, for a card, its check digit."""
    match len(digits):
        case 18:
            return "clabe"
        case 15 | 16:
            return "card" if luhn.is_valid(digits) else "unknown"
        case 10:
            return "phone" if digits[0] in "23456789" else "account"
        case 11:
            return "account"
        case _:
            return "unknown"
