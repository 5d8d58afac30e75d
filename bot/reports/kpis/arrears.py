"""How the balance stands at the end of the period, by days past due."""

from typing import Any

from sqlalchemy import Select, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY
from bot.reports.sql import days_between, smaller
from bot.reports.standing import LEVELS, at_close, bucket


def facts(scope: Scope) -> Select[Any]:
    periods = scope.periods
    end = at_close(periods)
    last_day = smaller(periods.c.last_day, literal(scope.today))
    return (
        select(
            periods.c.period,
            end.c.loan_id,
            bucket(days_between(end.c.since, last_day)).label("late"),
            end.c.balance.label("numerator"),
            literal(1).label("loans"),
        )
        .join(end, end.c.period == periods.c.period)
        .where(end.c.balance > 0)
    )


KPI = Kpi(
    "arrears",
    facts,
    dimensions=("late",),
    extras=("loans",),
    in_money=True,
    share_of=(),
    levels=LEVELS,
    at_close=True,
    moved_by=MONEY,
)
