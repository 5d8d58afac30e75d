"""CLABEs, in any spacing and with text around them; the control digit decides."""

import re

from values import Clabe, InvalidClabe, with_digits

_RUN = re.compile(r"(?<![\d])\d(?:[\s.\-]?\d){15,21}(?![\d])")


def accounts(flat: str) -> tuple[dict[str, str], str]:
    """`{clabe}` or `{clabe_invalid}`, and the text without any account or card number."""
    found: dict[str, str] = {}
    flat = with_digits(flat)
    for match in _RUN.finditer(flat):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) != 18:
            continue
        try:
            found.setdefault("clabe", Clabe.parse(digits).digits)
        except InvalidClabe:
            found.setdefault("clabe_invalid", digits)
    if "clabe" in found:
        found.pop("clabe_invalid", None)
    return found, _RUN.sub(" ", flat)
