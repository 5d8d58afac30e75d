"""Evidence of the whole: the daily signed root, and a loan's books in words."""

from bot.evidence.checkpoint import InvalidCheckpoint, verifier_key
from bot.evidence.explain import UnknownLoan, explain
from bot.evidence.roots import NoRoot, export_root, make_daily_root, origin_of, verify_kept_root, verify_root

__all__ = [
    "InvalidCheckpoint",
    "NoRoot",
    "UnknownLoan",
    "explain",
    "export_root",
    "make_daily_root",
    "origin_of",
    "verifier_key",
    "verify_kept_root",
    "verify_root",
]
