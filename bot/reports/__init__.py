"""KPIs: each a file that says what is counted, as one statement over the ledger and the records. Nothing is
kept apart from them, so that a number follows whatever is reported late or taken back.
"""

from bot.reports.before_after import Comparison, before_and_after
from bot.reports.costs import costs_of
from bot.reports.drill import read_subjects
from bot.reports.features import read_features
from bot.reports.kpi import Kpi
from bot.reports.periods import TooManyPeriods
from bot.reports.read import KPIS, Range, UnknownBy, WrongRange, range_of, read_report, ways
from bot.reports.today import Today, today

__all__ = [
    "KPIS",
    "Comparison",
    "Kpi",
    "Range",
    "Today",
    "TooManyPeriods",
    "UnknownBy",
    "WrongRange",
    "before_and_after",
    "costs_of",
    "range_of",
    "read_features",
    "read_report",
    "read_subjects",
    "today",
    "ways",
]
