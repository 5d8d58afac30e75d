"""A lender's file as it really is: its encoding, layout, column names and ways to write days and amounts,
read into cells by our own column names and in one plain form.
"""

from bot.portfolio.dialect.cells import InvalidCell
from bot.portfolio.dialect.header import Layout, layout_of
from bot.portfolio.dialect.invalid import InvalidMapping, NotATable
from bot.portfolio.dialect.mapping import Formats, Mapping, read_mapping
from bot.portfolio.dialect.rows import CellError, DialectRow, rows_of
from bot.portfolio.dialect.suggest import Question, Suggestion, suggest

__all__ = [
    "CellError",
    "DialectRow",
    "Formats",
    "InvalidCell",
    "InvalidMapping",
    "Layout",
    "Mapping",
    "NotATable",
    "Question",
    "Suggestion",
    "layout_of",
    "read_mapping",
    "rows_of",
    "suggest",
]
