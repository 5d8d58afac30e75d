"""Of the loans that were cured in a month, those late again within 30, 60 and 90 days of its end."""

from datetime import date
from typing import Any

from sqlalchemy import CTE, Integer, Select, String, case, column, func, literal, select, values

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY, debts, reduced_otherwise, reductions
from bot.reports.sql import city_date, days_between, smaller, total
from bot.reports.standing import cured, over_period

WITHIN_DAYS = (30, 60, 90)


def facts(scope: Scope) -> Select[Any]:
    """A month counts for so many days once they have gone by."""
    periods = _gone_by(scope)
    over = over_period(periods)
    within = (
        values(column("name", String), column("days", Integer), name="within")
        .data([(str(days), days) for days in WITHIN_DAYS])
        .cte("within")
    )
    was_late = days_between(over.c.since, periods.c.first_day) > 1
    last_day = smaller(periods.c.last_day, literal(scope.today))
    missed = _missed(scope.today)
    after = days_between(periods.c.last_day, missed.c.due_date)
    again = (missed.c.loan_id == over.c.loan_id) & (after > 0) & (after <= within.c.days)
    return (
        select(
            periods.c.period,
            over.c.loan_id,
            within.c.name.label("within"),
            case((func.count(missed.c.due_date) > 0, 1), else_=0).label("numerator"),
            literal(1).label("denominator"),
        )
        .join(over, over.c.period == periods.c.period)
        .join(within, days_between(periods.c.last_day, literal(scope.today)) > within.c.days)
        .outerjoin(missed, again)
        .where(over.c.balance > 0, was_late, cured(over, last_day))
        .group_by(periods.c.period, over.c.loan_id, within.c.name)
    )


def _gone_by(scope: Scope) -> CTE:
    """The periods that count for any days yet."""
    days = days_between(scope.periods.c.last_day, literal(scope.today))
    return select(scope.periods).where(days > WITHIN_DAYS[0]).cte("gone_by")


def _missed(today: date) -> CTE:
    """`loan_id, due_date`: instalments that were not paid by the end of their day."""
    owed, dated, first = debts(), reductions(), reduced_otherwise()
    in_time = (dated.c.loan_id == owed.c.loan_id) & (city_date(dated.c.at) <= owed.c.due_date)
    return (
        select(owed.c.loan_id, owed.c.due_date)
        .join(first, first.c.loan_id == owed.c.loan_id)
        .outerjoin(dated, in_time)
        .where(owed.c.due_date < today)
        .group_by(owed.c.loan_id, owed.c.due_date, owed.c.owed_to, first.c.amount)
        .having(owed.c.owed_to > first.c.amount + total(dated.c.amount))
        .cte("missed")
    )


KPI = Kpi(
    "redefault",
    facts,
    dimensions=("within",),
    levels=tuple(map(str, WITHIN_DAYS)),
    grain="month",
    moved_by=MONEY,
    days=180,
)
