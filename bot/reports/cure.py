"""Loans that were late when the period began and owe nothing late when it ends, by how late they were."""

from typing import Any

from sqlalchemy import Select, literal, select

from bot.reports.facts import happened
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of, days_between, smaller
from bot.reports.standing import LEVELS, at_end, at_start, bucket, cured


def facts(scope: Scope) -> Select[Any]:
    """`self_cured`: without one contact of ours in the period."""
    periods = scope.periods
    start = at_start(periods)
    end = at_end(periods)
    late = days_between(start.c.since, periods.c.first_day) - 1
    last_day = smaller(periods.c.last_day, literal(scope.today))
    is_cured = cured(start, end, last_day)
    contacted = happened(periods, start.c.loan_id, ("contact.sent", "contact.recorded"))
    return (
        select(
            periods.c.period,
            start.c.loan_id,
            bucket(late).label("late"),
            count_of(is_cured).label("numerator"),
            literal(1).label("denominator"),
            count_of(is_cured & ~contacted).label("self_cured"),
        )
        .join(start, start.c.period == periods.c.period)
        .join(end, (end.c.period == start.c.period) & (end.c.loan_id == start.c.loan_id))
        .where(start.c.balance > 0, late > 0)
    )


KPI = Kpi("cure", facts, dimensions=("late",), extras=("self_cured",), levels=LEVELS)
