"""Loans that were late when the period began and owe nothing late when it ends, by how late they were."""

from typing import Any

from sqlalchemy import Select, literal, select

from bot.reports.facts import happened
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of, days_between, smaller
from bot.reports.standing import LEVELS, bucket, cured, over_period


def facts(scope: Scope) -> Select[Any]:
    """`self_cured`: without one contact of ours in the period."""
    periods = scope.periods
    over = over_period(periods)
    late = days_between(over.c.since, periods.c.first_day) - 1
    last_day = smaller(periods.c.last_day, literal(scope.today))
    is_cured = cured(over, last_day)
    contacted = happened(periods, over.c.loan_id, ("contact.sent", "contact.recorded"))
    return (
        select(
            periods.c.period,
            over.c.loan_id,
            bucket(late).label("late"),
            count_of(is_cured).label("numerator"),
            literal(1).label("denominator"),
            count_of(is_cured & ~contacted).label("self_cured"),
        )
        .join(over, over.c.period == periods.c.period)
        .where(over.c.balance > 0, late > 0)
    )


KPI = Kpi("cure", facts, dimensions=("late",), extras=("self_cured",), levels=LEVELS)
