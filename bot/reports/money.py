"""Money as reports count it: what was received and not taken back, by the day it was paid, against debts
oldest first; what only a tape counts, by the day of that tape. So is what was waived or written off, by its
own day. What reduced a debt in another way (paid before we knew the loan) comes first.
"""

from functools import cache

from sqlalchemy import CTE, BigInteger, ColumnElement, FromClause, case, func, literal, select, union_all

from bot.reports.by_tape import counted_by_tapes
from bot.reports.sql import AnyColumn, larger, smaller, total
from models import inflow_table, instalment_table, ledger_entry_table, loan_table, payment_report_table
from models.base import word, words

WRITTEN_OFF = "write_off.posted"
PAYMENTS = (
    "payment.posted",
    "payment.reversed",
    "charge.collected",
    "charge.settled",
    "charge.reversed",
    "recovery.posted",
)
DEBTS = ("loan.opened", "loan.adjusted", "waiver.granted", WRITTEN_OFF)
"""What changes what is owed."""
MONEY = (*PAYMENTS, *DEBTS)


@cache
def received() -> CTE:
    """`id, loan_id, rail, amount, paid_at`; of what was written off too, where the lender says so itself. An
    amount is negative where tapes count less than was reported.
    """
    reported = select(
        inflow_table.c.id,
        inflow_table.c.loan_id,
        payment_report_table.c.rail,
        inflow_table.c.amount,
        payment_report_table.c.paid_at,
    ).join(payment_report_table, payment_report_table.c.inflow_id == inflow_table.c.id)
    entry = ledger_entry_table.alias()
    recovered = select(entry.c.id, entry.c.loan_id, word("other"), _amount(entry), entry.c.at)
    return union_all(
        reported.where(inflow_table.c.reversed_at.is_(None), payment_report_table.c.status == word("posted")),
        recovered.where(entry.c.kind == word("recovery.posted")),
        counted_by_tapes(),
    ).cte("received")


@cache
def reductions() -> CTE:
    """`id, loan_id, at, amount, received, written_off`: money, and what was waived or written off and not
    taken back.
    """
    money, entry, undone = received(), ledger_entry_table.alias(), ledger_entry_table.alias()
    amount, nothing = _amount(entry), literal(0)
    forgiven = (
        select(
            entry.c.id,
            entry.c.loan_id,
            entry.c.at,
            amount,
            nothing,
            case((entry.c.kind == word(WRITTEN_OFF), amount), else_=0),
        )
        .outerjoin(undone, undone.c.reverses_id == entry.c.id)
        .where(entry.c.kind.in_(words("waiver.granted", WRITTEN_OFF)), undone.c.id.is_(None))
    )
    paid = select(
        money.c.id,
        money.c.loan_id,
        money.c.paid_at.label("at"),
        money.c.amount,
        money.c.amount.label("received"),
        nothing.label("written_off"),
    )
    return union_all(paid, forgiven).cte("reductions")


def _amount(entry: FromClause) -> ColumnElement[int]:
    amount: ColumnElement[int] = entry.c.data["amount"].as_string().cast(BigInteger)
    return amount


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
    """`loan_id, amount`: what reduced each loan's debt on a day that is not known."""
    owed = (
        select(instalment_table.c.loan_id, total(instalment_table.c.amount_centavos).label("amount"))
        .group_by(instalment_table.c.loan_id)
        .subquery()
    )
    dated = (
        select(reductions().c.loan_id, total(reductions().c.amount).label("amount"))
        .group_by(reductions().c.loan_id)
        .subquery()
    )
    rest = owed.c.amount - loan_table.c.outstanding_centavos - func.coalesce(dated.c.amount, 0)
    return (
        select(loan_table.c.id.label("loan_id"), larger(rest, 0).label("amount"))
        .join(owed, owed.c.loan_id == loan_table.c.id)
        .outerjoin(dated, dated.c.loan_id == loan_table.c.id)
        .cte("reduced_otherwise")
    )


def reduced(periods: CTE, moment: AnyColumn, name: str) -> CTE:
    """`number, loan_id, amount, written_off`: by how much each loan's debt had been reduced at a moment of
    each period, and how much of that was written off. Added up, not joined: PostgreSQL takes such a join for
    a small one, and goes through all of one side for each row of the other.
    """
    loans, dated = reduced_otherwise(), reductions()
    otherwise = select(
        periods.c.number, loans.c.loan_id, loans.c.amount, literal(0).label("written_off")
    ).join(loans, periods.c.starts_at < periods.c.ends_at)
    by_then = select(periods.c.number, dated.c.loan_id, dated.c.amount, dated.c.written_off).join(
        dated, dated.c.at < moment
    )
    rows = union_all(otherwise, by_then).subquery()
    return (
        select(
            rows.c.number,
            rows.c.loan_id,
            total(rows.c.amount).label("amount"),
            total(rows.c.written_off).label("written_off"),
        )
        .group_by(rows.c.number, rows.c.loan_id)
        .cte(f"reduced_{name}")
    )


@cache
def allocated() -> CTE:
    """`loan_id, due_date, paid_at, amount`: which money paid which instalment."""
    dated, first = reductions(), reduced_otherwise()
    so_far = func.sum(dated.c.amount).over(partition_by=dated.c.loan_id, order_by=(dated.c.at, dated.c.id))
    spans = (
        select(
            dated.c.loan_id,
            dated.c.at,
            dated.c.received,
            (first.c.amount + so_far - dated.c.amount).label("paid_from"),
            (first.c.amount + so_far).label("paid_to"),
        )
        .join(first, first.c.loan_id == dated.c.loan_id)
        .subquery("spans")
    )
    owed = debts()
    start, end = larger(owed.c.owed_from, spans.c.paid_from), smaller(owed.c.owed_to, spans.c.paid_to)
    return (
        select(owed.c.loan_id, owed.c.due_date, spans.c.at.label("paid_at"), (end - start).label("amount"))
        .join(spans, spans.c.loan_id == owed.c.loan_id)
        .where(end > start, spans.c.received > 0)
        .cte("allocated")
    )
