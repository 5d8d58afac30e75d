"""Of the loans that were opened in one month, those more than 30 days late, by the months since."""

from typing import Any

from sqlalchemy import Select, func, literal, or_, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY
from bot.reports.sql import city_date, count_of, days_between, smaller
from bot.reports.standing import at_close
from models import loan_table

LATE_DAYS, VERY_LATE_DAYS = 30, 90


def facts(scope: Scope) -> Select[Any]:
    """`cohort`: the month in which the lender opened them, or where that is not known, in which we received
    them. One of which anything was written off stays late.
    """
    cohort, month = scope.periods.alias("cohort"), scope.periods.alias("month")
    close = at_close(scope.periods)
    opened = func.coalesce(loan_table.c.opened_on, city_date(loan_table.c.created_at))
    late = days_between(close.c.since, smaller(month.c.last_day, literal(scope.today)))
    gone = close.c.written_off > 0
    return (
        select(
            func.substr(cohort.c.period, 1, 7).label("cohort"),
            (month.c.number - cohort.c.number).label("months"),
            close.c.loan_id,
            count_of(or_(late > LATE_DAYS, gone)).label("numerator"),
            literal(1).label("denominator"),
            count_of(or_(late > VERY_LATE_DAYS, gone)).label("over_90"),
        )
        .select_from(close)
        .join(month, (month.c.period == close.c.period) & (month.c.first_day <= scope.today))
        .join(loan_table, loan_table.c.id == close.c.loan_id)
        .join(cohort, opened.between(cohort.c.first_day, cohort.c.last_day))
        .where(month.c.number >= cohort.c.number)
    )


KPI = Kpi(
    "late_vintages",
    facts,
    dimensions=("cohort", "months"),
    extras=("over_90",),
    grain="month",
    moved_by=MONEY,
    days=365,
)
