"""The CURP or RFC that a borrower writes for a provider that asks for one."""

import re

from flows.types.facts import BorrowerFacts
from values import InvalidIdentityCode, parse_curp, parse_rfc

_BORN = r"[ .-]?([\dO]{2}[ .-]?[\dO]{2}[ .-]?[\dO]{2})[ .-]?"
"""The day of birth inside a code, as it is typed or copied off a photo."""
_WRITTEN = {
    "curp": re.compile(rf"\b([A-Z]{{4}}){_BORN}([HMX][A-Z]{{5}}[ .-]?[A-Z\d]\d)\b"),
    "rfc": re.compile(rf"(?<!\w)([A-ZÑ&]{{4}}){_BORN}([A-Z\d]{{3}})\b"),
}
_DASHES = str.maketrans("‐‑‒–—", "-----")
_BEGUN = re.compile(r"[A-ZÑ&]{3,4}\s?-?\d{6}")


def written_code(text: str) -> tuple[str, str | None] | None:
    """Kind and code; the code is null for one that cannot exist, or that stands for nobody."""
    for kind, pattern in _WRITTEN.items():
        if found := pattern.search(text.upper().translate(_DASHES)):
            name, born, end = (re.sub(r"[ .-]", "", part) for part in found.groups())
            code = name + born.replace("O", "0") + end
            try:
                return kind, parse_curp(code) if kind == "curp" else parse_rfc(code)
            except InvalidIdentityCode:
                return kind, None
    return ("", None) if _BEGUN.search(text.upper()) else None


def is_of(who: BorrowerFacts, code: str) -> bool:
    """Whether a person's code holds the day of birth that we know; true where we know none."""
    return who.birth_date is None or f"{who.birth_date:%y%m%d}" == code[4:10]
