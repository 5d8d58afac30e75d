"""Loans and payments as the lender knows them: tapes in, sample portfolios out."""

from bot.portfolio.checks import impossible_days
from bot.portfolio.dialect import InvalidMapping, NotATable, Suggestion, suggest
from bot.portfolio.errors import RowError, grouped, write_errors
from bot.portfolio.folder import take_from_folder
from bot.portfolio.loading import LoadReport, load_batch, load_tape
from bot.portfolio.payments import EARLIEST, UnknownLoan, in_the_future, load_payments, receive_payment
from bot.portfolio.preview import Preview
from bot.portfolio.sample import sample_rows
from bot.portfolio.tape import COLUMNS, REQUIRED, TapeLoan, TapeRow, parse_row
from bot.portfolio.tape_loads import (
    GivenTape,
    NotWaiting,
    confirm_tape,
    end_command,
    error_text,
    give_tape,
    listed_tapes,
    process_tapes,
    record_command,
)
from bot.portfolio.turnaround import FEWEST_LOANS, turnaround
from bot.portfolio.undo import CannotUndo, may_undo, undo_load

__all__ = [
    "COLUMNS",
    "EARLIEST",
    "FEWEST_LOANS",
    "REQUIRED",
    "CannotUndo",
    "GivenTape",
    "InvalidMapping",
    "LoadReport",
    "NotATable",
    "NotWaiting",
    "Preview",
    "RowError",
    "Suggestion",
    "TapeLoan",
    "TapeRow",
    "UnknownLoan",
    "confirm_tape",
    "end_command",
    "error_text",
    "give_tape",
    "grouped",
    "impossible_days",
    "in_the_future",
    "listed_tapes",
    "load_batch",
    "load_payments",
    "load_tape",
    "may_undo",
    "parse_row",
    "process_tapes",
    "receive_payment",
    "record_command",
    "sample_rows",
    "suggest",
    "take_from_folder",
    "turnaround",
    "undo_load",
    "write_errors",
]
