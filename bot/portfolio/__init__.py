"""Loans and payments as the lender knows them: tapes in, sample portfolios out."""

from bot.portfolio.loading import LoadReport, load_batch, load_tape
from bot.portfolio.payments import load_payments, tell
from bot.portfolio.sample import sample_rows
from bot.portfolio.tape import COLUMNS, RowError, TapeLoan, TapeRow, parse_row

__all__ = [
    "COLUMNS",
    "LoadReport",
    "RowError",
    "TapeLoan",
    "TapeRow",
    "load_batch",
    "load_payments",
    "load_tape",
    "parse_row",
    "sample_rows",
    "tell",
]
