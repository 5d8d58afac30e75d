"""Loans and payments as the lender knows them: tapes in, sample portfolios out."""

from bot.portfolio.loading import LoadReport, load_batch, load_tape
from bot.portfolio.payments import load_payments
from bot.portfolio.promises import expire_promises, promise_news
from bot.portfolio.sample import sample_rows
from bot.portfolio.tape import COLUMNS, RowError, TapeLoan, TapeRow, parse_row

__all__ = [
    "COLUMNS",
    "LoadReport",
    "RowError",
    "TapeLoan",
    "TapeRow",
    "expire_promises",
    "load_batch",
    "load_payments",
    "load_tape",
    "parse_row",
    "promise_news",
    "sample_rows",
]
