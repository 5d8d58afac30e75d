"""How loans stand at a moment: what is unpaid, since when, and in which bucket of days past due."""

from sqlalchemy import CTE, ColumnElement, case, func, or_, select

from bot.reports.money import debts, reduced
from bot.reports.sql import AnyColumn, days_between, larger, total
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
    """`period, loan_id, since, balance, written_off`: the oldest unpaid due date at a moment, what was unpaid
    then and what had been written off, of the loans for which `opened` holds, or whose day of opening is not
    known.
    """
    owed, before = debts(), reduced(periods, moment, name)
    known = (
        select(periods.c.period, before.c.loan_id, before.c.amount, before.c.written_off)
        .join(before, before.c.number == periods.c.number)
        .join(loan_table, loan_table.c.id == before.c.loan_id)
        .where(or_(loan_table.c.opened_on.is_(None), opened))
        .cte(f"known_{name}")
    )
    unpaid = owed.c.owed_to > known.c.amount
    left = owed.c.owed_to - larger(owed.c.owed_from, known.c.amount)
    return (
        select(
            known.c.period,
            known.c.loan_id,
            func.min(case((unpaid, owed.c.due_date))).label("since"),
            total(case((unpaid, left), else_=0)).label("balance"),
            known.c.written_off,
        )
        .join(owed, owed.c.loan_id == known.c.loan_id)
        .group_by(known.c.period, known.c.loan_id, known.c.written_off)
        .cte(name)
    )


def cured(start: CTE, end: CTE, last_day: AnyColumn) -> ColumnElement[bool]:
    """Whether nothing late is owed at the end, without a part of it having been written off."""
    in_time = or_(end.c.since.is_(None), days_between(end.c.since, last_day) <= 0)
    return in_time & (end.c.written_off == start.c.written_off)


def bucket(days: ColumnElement[int]) -> ColumnElement[str]:
    return case(*((days <= most, word(name)) for most, name in BUCKETS), else_=word(LAST_BUCKET))
