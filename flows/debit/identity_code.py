"""The CURP or RFC that a borrower writes for a provider that asks for one."""

import re

from flows.types.facts import BorrowerFacts
from values import InvalidIdentityCode, parse_curp, parse_rfc

_WRITTEN = {
    "curp": re.compile(r"\b[A-Z]{4}[ -]?\d{6}[ -]?[HMX][A-Z]{5}[ -]?[A-Z\d]\d\b"),
    "rfc": re.compile(r"(?<!\w)[A-ZÑ&]{4}[ -]?\d{6}[ -]?[A-Z\d]{3}\b"),
}
_BEGUN = re.compile(r"[A-ZÑ&]{3,4}\s?-?\d{6}")


def written_code(text: str) -> tuple[str, str | None] | None:
    """Kind and code; the code is null for one that cannot exist, or that stands for nobody."""
    for kind, pattern in _WRITTEN.items():
        if found := pattern.search(text.upper()):
            try:
                return kind, parse_curp(found[0]) if kind == "curp" else parse_rfc(found[0])
            except InvalidIdentityCode:
                return kind, None
    return ("", None) if _BEGUN.search(text.upper()) else None


def is_of(who: BorrowerFacts, code: str) -> bool:
    """Whether a person's code holds the day of birth that we know; true where we know none."""
    return who.birth_date is None or f"{who.birth_date:%y%m%d}" == code[4:10]
