"""Of the loans that were cured in a month, those late again within 30, 60 and 90 days of its end."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, String, column, func, literal, or_, select, values

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import debts, received, reduced_otherwise
from bot.reports.sql import city_date, count_of, days_between, smaller, total
from bot.reports.standing import at_end, at_start

WITHIN_DAYS = (30, 60, 90)


def facts(scope: Scope) -> Select[Any]:
    """A month counts for so many days once they have gone by."""
    periods = scope.periods
    start = at_start(periods)
    end = at_end(periods)
    within = (
        values(column("name", String), column("days", Integer), name="within")
        .data([(str(days), days) for days in WITHIN_DAYS])
        .cte("within")
    )
    was_late = days_between(start.c.since, periods.c.first_day) > 1
    is_late = days_between(end.c.since, smaller(periods.c.last_day, literal(scope.today))) > 0
    return (
        select(
            periods.c.period,
            start.c.loan_id,
            within.c.name.label("within"),
            count_of(_late_again(start.c.loan_id, periods.c.last_day, within.c.days)).label("numerator"),
            literal(1).label("denominator"),
        )
        .join(start, start.c.period == periods.c.period)
        .join(end, (end.c.period == start.c.period) & (end.c.loan_id == start.c.loan_id))
        .join(within, days_between(periods.c.last_day, literal(scope.today)) > within.c.days)
        .where(start.c.balance > 0, was_late, or_(end.c.since.is_(None), ~is_late))
    )


def _late_again(loan_id: Any, last_day: Any, days: Any) -> ColumnElement[bool]:
    """Whether an instalment that fell due in these days was not paid by the end of its own."""
    owed, money, first = debts().alias(), received().alias(), reduced_otherwise().alias()
    paid = (
        select(total(money.c.amount))
        .where(money.c.loan_id == owed.c.loan_id, city_date(money.c.paid_at) <= owed.c.due_date)
        .correlate(owed)
        .scalar_subquery()
    )
    otherwise = (
        select(first.c.amount).where(first.c.loan_id == owed.c.loan_id).correlate(owed).scalar_subquery()
    )
    after = days_between(last_day, owed.c.due_date)
    return (
        select(literal(1))
        .where(
            owed.c.loan_id == loan_id,
            after > 0,
            after <= days,
            owed.c.owed_to > func.coalesce(otherwise, 0) + paid,
        )
        .correlate_except(owed)
        .exists()
    )


KPI = Kpi(
    "redefault",
    facts,
    dimensions=("within",),
    levels=tuple(map(str, WITHIN_DAYS)),
    grain="month",
    days=180,
)
