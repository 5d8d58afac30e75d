"""KPIs: each a file that says what is counted, as one statement over the ledger and the records. What a
sweep keeps of them is counted by the same statements, and anew where something is reported late or taken
back.
"""

from bot.reports.before_after import Comparison, before_and_after
from bot.reports.costs import costs_of
from bot.reports.drill import read_subjects
from bot.reports.features import read_features
from bot.reports.kept import SPANS, Report, keep_facts, read_report, read_reports, trend
from bot.reports.kept_today import keep_today, kept_today
from bot.reports.kpi import Kpi, Unit
from bot.reports.periods import TooManyPeriods
from bot.reports.read import KPIS, Range, UnknownBy, WrongRange, count_report, range_of, ways
from bot.reports.today import Today, today

__all__ = [
    "KPIS",
    "SPANS",
    "Comparison",
    "Kpi",
    "Range",
    "Report",
    "Today",
    "TooManyPeriods",
    "Unit",
    "UnknownBy",
    "WrongRange",
    "before_and_after",
    "costs_of",
    "count_report",
    "keep_facts",
    "keep_today",
    "kept_today",
    "range_of",
    "read_features",
    "read_report",
    "read_reports",
    "read_subjects",
    "today",
    "trend",
    "ways",
]
