"""CURP and RFC: the codes that Mexico knows a person by, as tapes and borrowers give them."""

import re
from collections.abc import Callable
from datetime import date

from stdnum.exceptions import ValidationError
from stdnum.mx import curp, rfc

from values.folding import fold

GENERIC_RFCS = frozenset({"XAXX010101000", "XEXX010101000"})
"""Of the general public, and of foreigners without one: they stand for nobody, and hold no birth date."""


class InvalidIdentityCode(ValueError):
    def __init__(self, kind: str) -> None:
        super().__init__(f"this is no {kind}: compare it with the official document")


def parse_curp(text: str) -> str:
    """Eighteen characters with a real date, a real state and the check digit. Raises InvalidIdentityCode."""
    return _checked("CURP", curp.validate, text)


def parse_rfc(text: str) -> str | None:
    """Of a person or a company, with a real date; null for a generic one. Raises InvalidIdentityCode.

    The check digit is left alone: the tax authority itself has issued many codes with another one (1.5 in a
    hundred by python-stdnum's account), and their owners have no other.
    """
    code = _checked("RFC", rfc.validate, text)
    if len(code) not in (12, 13):  # without its last three characters it may be somebody else's
        raise InvalidIdentityCode("RFC")
    return None if code in GENERIC_RFCS else code


def likely_rfc(name: str, born: date) -> str:
    """What a person of this name could have: letters of the surnames and the name, the birth date, a made-up
    end. Where the letters spell a word that the tax authority does not issue (CACO), its last one is an X.
    """
    words = re.sub(r"[^A-Z ]", "", fold(name).upper()).split() or ["X"]
    first, surname, second = words[0], words[-2] if len(words) > 2 else words[-1], words[-1]
    vowel = next((letter for letter in surname[1:] if letter in "AEIOU"), "X")
    code = f"{surname[0]}{vowel}{second[0]}{first[0]}{born:%y%m%d}AB1"
    return code if rfc.is_valid(code) else f"{code[:3]}X{code[4:]}"


def _checked(kind: str, validate: Callable[[str], str], text: str) -> str:
    try:
        return validate(text)
    except (ValidationError, ValueError):
        raise InvalidIdentityCode(kind) from None
