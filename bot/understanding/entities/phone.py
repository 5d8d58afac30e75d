"""Phones: ten Mexican digits in any spacing, with or without 52, 521 and +."""

import re

from values import InvalidPhone, Phone

_RUN = re.compile(
    r"(?<![\d$.,])(?:04[45][\s\-]?|01[\s\-]?)?(?:\+?52[\s\-]?)?(?:1[\s\-]?)?(?:\(\d{2,3}\)[\s\-]?)?\d(?:[\s\-]?\d){6,9}(?![\d.,]\d|\d)"
)
_PREFIX = re.compile(r"^0(?:4[45]|1)(?=\d{10}$)")
"""Dialled before a number until 2019: «044 55 …», «01 55 …»."""


def phone(flat: str) -> tuple[str | None, str]:
    """E.164 and the text without it."""
    for match in _RUN.finditer(flat):
        digits = _PREFIX.sub("", re.sub(r"\D", "", match[0]))
        if len(digits) in (10, 12, 13):
            try:
                return Phone.parse("+" + digits if len(digits) > 10 else digits).e164, flat[
                    : match.start()
                ] + " " + flat[match.end() :]
            except InvalidPhone:
                continue
    return None, flat
