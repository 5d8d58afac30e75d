"""What a mail server's refusal calls for: the same codes come at once, or later in a bounce."""

import re

from bot.channels.transport import Reaction

_ENHANCED = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REFUSAL = re.compile(r"(?<![\d.-])(5[05][0-4])(?![\d.])")
_NOBODY = re.compile(r"5\.1\.(?![78]$)|5\.2\.1$|55[013]$")
"""RFC 3463; 5.1.7 and 5.1.8 are about our own address. Without such a code, RFC 5321's for a mailbox."""
COMPLAINT = "abuse"
"""The recipient called it spam (RFC 5965)."""


def reaction_to(code: str) -> Reaction:
    """Nobody is there, or this mailbox does not take it now: it is full, or a filter refuses us."""
    if code == COMPLAINT:
        return "opted_out"
    return "point_invalid" if _NOBODY.match(code) else "other_channel"


def enhanced_code(text: str) -> str | None:
    """The first of RFC 3463 in it: `5.1.1`."""
    found = _ENHANCED.search(text)
    return found[1] if found else None


def refusal_code(text: str) -> str | None:
    """The first of RFC 5321 in it that refuses for good: `550`."""
    found = _REFUSAL.search(text)
    return found[1] if found else None
