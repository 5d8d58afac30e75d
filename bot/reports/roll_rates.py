"""Where the money of each bucket of days past due is at the period's end: from bucket, to bucket."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, or_, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import debts, reduced_before, reduced_otherwise
from bot.reports.sql import AnyColumn, days_between, larger, smaller, total
from models import loan_table
from models.base import word

BUCKETS = ((0, "0"), (7, "1-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"))
LAST_BUCKET = "90+"
PAID = "paid"


def facts(scope: Scope) -> Select[Any]:
    """A loan's balance at the close of the day before the period, in the bucket of its oldest unpaid
    instalment then; of each, its bucket at the close of the period, or `paid` where nothing is owed any more.
    """
    periods = scope.periods
    start = _standing(periods, periods.c.starts_at, "at_start")
    end = _standing(periods, periods.c.ends_at, "at_end")
    last_day = smaller(periods.c.last_day, literal(scope.today))
    paid_by_end = end.c.since.is_(None)
    return (
        select(
            periods.c.period,
            start.c.loan_id,
            _bucket(days_between(start.c.since, periods.c.first_day) - 1).label("bucket"),
            case((paid_by_end, word(PAID)), else_=_bucket(days_between(end.c.since, last_day))).label(
                "to_bucket"
            ),
            start.c.balance.label("numerator"),
            literal(1).label("loans"),
        )
        .join(start, start.c.period == periods.c.period)
        .join(end, (end.c.period == start.c.period) & (end.c.loan_id == start.c.loan_id))
        .where(start.c.balance > 0)
    )


def _standing(periods: CTE, moment: AnyColumn, name: str) -> CTE:
    """`period, loan_id, since, balance`: the oldest unpaid due date at a moment, and what was unpaid then."""
    loans, owed = reduced_otherwise(), debts()
    known = or_(loan_table.c.opened_on.is_(None), loan_table.c.opened_on < periods.c.first_day)
    reduced = (
        select(periods.c.period, loans.c.loan_id, reduced_before(moment).label("amount"))
        .select_from(periods.join(loans, periods.c.starts_at < periods.c.ends_at))
        .join(loan_table, loan_table.c.id == loans.c.loan_id)
        .where(known)
        .cte(f"reduced_{name}")
    )
    unpaid = owed.c.owed_to > reduced.c.amount
    left = owed.c.owed_to - larger(owed.c.owed_from, reduced.c.amount)
    return (
        select(
            reduced.c.period,
            reduced.c.loan_id,
            func.min(case((unpaid, owed.c.due_date))).label("since"),
            total(case((unpaid, left), else_=0)).label("balance"),
        )
        .join(owed, owed.c.loan_id == reduced.c.loan_id)
        .group_by(reduced.c.period, reduced.c.loan_id)
        .cte(name)
    )


def _bucket(days: ColumnElement[int]) -> ColumnElement[str]:
    return case(*((days <= most, word(name)) for most, name in BUCKETS), else_=word(LAST_BUCKET))


KPI = Kpi(
    "roll_rates",
    facts,
    dimensions=("bucket", "to_bucket"),
    extras=("loans",),
    in_money=True,
    share_of=("bucket",),
    levels=(*(name for _, name in BUCKETS), LAST_BUCKET, PAID),
)
