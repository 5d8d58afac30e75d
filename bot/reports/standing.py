"""How loans stand at a moment: what is unpaid, since when, and in which bucket of days past due."""

from sqlalchemy import CTE, ColumnElement, case, func, or_, select

from bot.reports.money import debts, received, reduced_otherwise
from bot.reports.sql import AnyColumn, larger, total
from models import loan_table
from models.base import word

BUCKETS = ((0, "0"), (7, "1-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"))
LAST_BUCKET = "90+"
LEVELS = (*(name for _, name in BUCKETS), LAST_BUCKET)


def at_start(periods: CTE) -> CTE:
    """At the close of the day before the period."""
    return _standing(periods, periods.c.starts_at, _before(periods), "at_start")


def at_end(periods: CTE) -> CTE:
    """At the close of the period, the same loans."""
    return _standing(periods, periods.c.ends_at, _before(periods), "at_end")


def at_close(periods: CTE) -> CTE:
    """At the close of the period, those too that were opened within it."""
    return _standing(periods, periods.c.ends_at, loan_table.c.opened_on <= periods.c.last_day, "at_close")


def _before(periods: CTE) -> ColumnElement[bool]:
    return loan_table.c.opened_on < periods.c.first_day


def _standing(periods: CTE, moment: AnyColumn, opened: ColumnElement[bool], name: str) -> CTE:
    """`period, loan_id, since, balance`: the oldest unpaid due date at a moment, and what was unpaid then, of
    the loans for which `opened` holds, or whose day of opening is not known.
    """
    loans, owed, money = reduced_otherwise(), debts(), received()
    paid = (
        select(periods.c.period, money.c.loan_id, total(money.c.amount).label("amount"))
        .join(money, money.c.paid_at < moment)
        .group_by(periods.c.period, money.c.loan_id)
        .cte(f"paid_{name}")
    )
    reduced = (
        select(
            periods.c.period,
            loans.c.loan_id,
            (loans.c.amount + func.coalesce(paid.c.amount, 0)).label("amount"),
        )
        .select_from(periods.join(loans, periods.c.starts_at < periods.c.ends_at))
        .join(loan_table, loan_table.c.id == loans.c.loan_id)
        .outerjoin(paid, (paid.c.loan_id == loans.c.loan_id) & (paid.c.period == periods.c.period))
        .where(or_(loan_table.c.opened_on.is_(None), opened))
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


def bucket(days: ColumnElement[int]) -> ColumnElement[str]:
    return case(*((days <= most, word(name)) for most, name in BUCKETS), else_=word(LAST_BUCKET))
