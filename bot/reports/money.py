"""Money as reports count it: what was received and not taken back, by the day it was paid, against debts
oldest first. What reduced a debt in another way (paid before we knew the loan, waived, counted by a tape)
comes first.
"""

from functools import cache

from sqlalchemy import CTE, func, select, union_all

from bot.reports.sql import AnyColumn, larger, smaller, total
from models import inflow_table, instalment_table, loan_table, payment_report_table
from models.base import word


@cache
def received() -> CTE:
    """`id, loan_id, rail, amount, paid_at`"""
    return (
        select(
            inflow_table.c.id,
            inflow_table.c.loan_id,
            payment_report_table.c.rail,
            inflow_table.c.amount,
            payment_report_table.c.paid_at,
        )
        .join(payment_report_table, payment_report_table.c.inflow_id == inflow_table.c.id)
        .where(inflow_table.c.reversed_at.is_(None), payment_report_table.c.status == word("posted"))
        .cte("received")
    )


@cache
def debts() -> CTE:
    """Instalments in the order in which they are paid: `loan_id, due_date, owed_from, owed_to`, centavos of
    the loan counted up.
    """
    order = (instalment_table.c.due_date, instalment_table.c.number)
    owed_to = func.sum(instalment_table.c.amount_centavos).over(
        partition_by=instalment_table.c.loan_id, order_by=order
    )
    return select(
        instalment_table.c.loan_id,
        instalment_table.c.due_date,
        (owed_to - instalment_table.c.amount_centavos).label("owed_from"),
        owed_to.label("owed_to"),
    ).cte("debts")


@cache
def reduced_otherwise() -> CTE:
    """`loan_id, amount`: what reduced each loan's debt and is no money that was received."""
    owed = (
        select(instalment_table.c.loan_id, total(instalment_table.c.amount_centavos).label("amount"))
        .group_by(instalment_table.c.loan_id)
        .subquery()
    )
    money = (
        select(received().c.loan_id, total(received().c.amount).label("amount"))
        .group_by(received().c.loan_id)
        .subquery()
    )
    rest = owed.c.amount - loan_table.c.outstanding_centavos - func.coalesce(money.c.amount, 0)
    return (
        select(loan_table.c.id.label("loan_id"), larger(rest, 0).label("amount"))
        .join(owed, owed.c.loan_id == loan_table.c.id)
        .outerjoin(money, money.c.loan_id == loan_table.c.id)
        .cte("reduced_otherwise")
    )


def reduced(periods: CTE, moment: AnyColumn, name: str) -> CTE:
    """`number, loan_id, amount`: by how much each loan's debt had been reduced at a moment of each period.
    Added up, not joined: PostgreSQL takes such a join for a small one, and goes through all of one side for
    each row of the other.
    """
    loans, money = reduced_otherwise(), received()
    otherwise = select(periods.c.number, loans.c.loan_id, loans.c.amount).join(
        loans, periods.c.starts_at < periods.c.ends_at
    )
    paid = select(periods.c.number, money.c.loan_id, money.c.amount).join(money, money.c.paid_at < moment)
    rows = union_all(otherwise, paid).subquery()
    return (
        select(rows.c.number, rows.c.loan_id, total(rows.c.amount).label("amount"))
        .group_by(rows.c.number, rows.c.loan_id)
        .cte(f"reduced_{name}")
    )


@cache
def allocated() -> CTE:
    """`loan_id, due_date, paid_at, amount`: which money paid which instalment."""
    money, first = received(), reduced_otherwise()
    so_far = func.sum(money.c.amount).over(
        partition_by=money.c.loan_id, order_by=(money.c.paid_at, money.c.id)
    )
    spans = (
        select(
            money.c.loan_id,
            money.c.paid_at,
            (first.c.amount + so_far - money.c.amount).label("paid_from"),
            (first.c.amount + so_far).label("paid_to"),
        )
        .join(first, first.c.loan_id == money.c.loan_id)
        .subquery("spans")
    )
    owed = debts()
    start, end = larger(owed.c.owed_from, spans.c.paid_from), smaller(owed.c.owed_to, spans.c.paid_to)
    return (
        select(owed.c.loan_id, owed.c.due_date, spans.c.paid_at, (end - start).label("amount"))
        .join(spans, spans.c.loan_id == owed.c.loan_id)
        .where(end > start)
        .cte("allocated")
    )
