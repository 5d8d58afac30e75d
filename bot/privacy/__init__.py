"""A borrower's own data: handed over when they ask (access), erased when nothing needs it any more."""

from bot.privacy.erasure import Erased, Kept, check_erasable, erase
from bot.privacy.export import Export, UnknownBorrower, export
from bot.privacy.reasons import NotErasable
from bot.privacy.retention import retain

__all__ = [
    "Erased",
    "Export",
    "Kept",
    "NotErasable",
    "UnknownBorrower",
    "check_erasable",
    "erase",
    "export",
    "retain",
]
