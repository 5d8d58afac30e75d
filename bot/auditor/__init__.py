"""The auditor: violations derived again from the raw log of what was sent. It shares no code and no data with
the guard that let the messages leave (`bot/compliance`), so that a fault there shows here.
"""

from bot.auditor import checks, words
from bot.auditor.auditing import Quiet, Report, Violation, audit
from bot.auditor.checking import CHECKS, Terms
from bot.auditor.law import LAWS
from bot.auditor.signing import InvalidReport, public_key, sign, verify

__all__ = [
    "CHECKS",
    "LAWS",
    "InvalidReport",
    "Quiet",
    "Report",
    "Terms",
    "Violation",
    "audit",
    "checks",
    "public_key",
    "sign",
    "verify",
    "words",
]
