"""Loans and payments as the lender knows them: tapes in, sample portfolios out."""

from bot.portfolio.dialect import InvalidMapping, NotATable, Suggestion, suggest
from bot.portfolio.errors import RowError, grouped, write_errors
from bot.portfolio.loading import LoadReport, load_batch, load_tape
from bot.portfolio.payments import load_payments
from bot.portfolio.preview import Preview
from bot.portfolio.sample import sample_rows
from bot.portfolio.tape import COLUMNS, REQUIRED, TapeLoan, TapeRow, parse_row

__all__ = [
    "COLUMNS",
    "REQUIRED",
    "InvalidMapping",
    "LoadReport",
    "NotATable",
    "Preview",
    "RowError",
    "Suggestion",
    "TapeLoan",
    "TapeRow",
    "grouped",
    "load_batch",
    "load_payments",
    "load_tape",
    "parse_row",
    "sample_rows",
    "suggest",
    "write_errors",
]
