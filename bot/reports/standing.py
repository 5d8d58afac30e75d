"""How loans stand at a moment: what is unpaid, since when, and in which bucket of days past due."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, case, func, literal, or_, select, union_all

from bot.reports.money import debts, reduced, reduced_otherwise, reductions
from bot.reports.sql import AnyColumn, days_between, larger, total
from models import loan_table
from models.base import word

BUCKETS = ((0, "0"), (7, "1-7"), (30, "8-30"), (60, "31-60"), (90, "61-90"))
LAST_BUCKET = "90+"
LEVELS = (*(name for _, name in BUCKETS), LAST_BUCKET)


def at_close(periods: CTE) -> CTE:
    """`period, loan_id, since, balance, written_off`: at the close of the period, the oldest unpaid due date,
    what is unpaid and what has been written off, of the loans that were opened by then, or nobody knows when.
    """
    owed, before = debts(), reduced(periods, periods.c.ends_at, "at_close")
    known = (
        select(periods.c.period, before.c.loan_id, before.c.amount, before.c.written_off)
        .join(before, before.c.number == periods.c.number)
        .join(loan_table, loan_table.c.id == before.c.loan_id)
        .where(or_(loan_table.c.opened_on.is_(None), loan_table.c.opened_on <= periods.c.last_day))
        .cte("known_at_close")
    )
    return (
        select(
            known.c.period,
            known.c.loan_id,
            _since(known.c.amount).label("since"),
            _balance(known.c.amount).label("balance"),
            known.c.written_off,
        )
        .join(owed, owed.c.loan_id == known.c.loan_id)
        .group_by(known.c.period, known.c.loan_id, known.c.written_off)
        .cte("at_close")
    )


def over_period(periods: CTE) -> CTE:
    """`period, loan_id, since, balance, end_since, written_off`: the same at the close of the day before the
    period, of the loans that were opened by then; their oldest unpaid due date at its own close, and what was
    written off in it. Both at once: a second time costs as much as the first.
    """
    owed, loans, dated = debts(), reduced_otherwise(), reductions()
    before = dated.c.at < periods.c.starts_at
    always = select(
        periods.c.number,
        loans.c.loan_id,
        loans.c.amount.label("at_start"),
        loans.c.amount.label("at_end"),
        literal(0).label("written_off"),
    ).join(loans, periods.c.starts_at < periods.c.ends_at)
    by_end = select(
        periods.c.number,
        dated.c.loan_id,
        case((before, dated.c.amount), else_=0),
        dated.c.amount,
        case((before, 0), else_=dated.c.written_off),
    ).join(dated, dated.c.at < periods.c.ends_at)
    rows = union_all(always, by_end).subquery()
    sums = ("at_start", "at_end", "written_off")
    added = (
        select(rows.c.number, rows.c.loan_id, *(total(rows.c[name]).label(name) for name in sums))
        .group_by(rows.c.number, rows.c.loan_id)
        .cte("reduced_over_period")
    )
    known = (
        select(periods.c.period, added.c.loan_id, *(added.c[name] for name in sums))
        .join(added, added.c.number == periods.c.number)
        .join(loan_table, loan_table.c.id == added.c.loan_id)
        .where(or_(loan_table.c.opened_on.is_(None), loan_table.c.opened_on < periods.c.first_day))
        .cte("known_over_period")
    )
    return (
        select(
            known.c.period,
            known.c.loan_id,
            _since(known.c.at_start).label("since"),
            _balance(known.c.at_start).label("balance"),
            _since(known.c.at_end).label("end_since"),
            known.c.written_off,
        )
        .join(owed, owed.c.loan_id == known.c.loan_id)
        .group_by(known.c.period, known.c.loan_id, known.c.written_off)
        .cte("over_period")
    )


def _since(paid: AnyColumn) -> ColumnElement[Any]:
    owed = debts()
    return func.min(case((owed.c.owed_to > paid, owed.c.due_date)))


def _balance(paid: AnyColumn) -> ColumnElement[Any]:
    owed = debts()
    left = owed.c.owed_to - larger(owed.c.owed_from, paid)
    return total(case((owed.c.owed_to > paid, left), else_=0))


def cured(over: CTE, last_day: AnyColumn) -> ColumnElement[bool]:
    """Whether nothing late is owed at the end, without a part of it having been written off."""
    in_time = or_(over.c.end_since.is_(None), days_between(over.c.end_since, last_day) <= 0)
    return in_time & (over.c.written_off == 0)


def bucket(days: ColumnElement[int]) -> ColumnElement[str]:
    return case(*((days <= most, word(name)) for most, name in BUCKETS), else_=word(LAST_BUCKET))
