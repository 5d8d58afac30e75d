"""Money that only a tape counts: nobody reported it, so it has no day of its own."""

from functools import cache

from sqlalchemy import ColumnElement, FromClause, Select, case, func, select, union_all

from bot.reports.sql import larger, moment_of, smaller, total
from models import ledger_entry_table, posting_table
from models.base import word

TAPE = "tape"
"""The account in the ledger, and the rail in reports."""


@cache
def counted_by_tapes() -> Select[tuple[int, int, str, int, object]]:
    """`id, loan_id, rail, amount, paid_at`, on the days of the tapes that counted it. What was reported
    since, or what a later tape does not count any more, is taken from the newest first. Where tapes count
    less than was reported, what is missing is negative, on the day of the newest of them.
    """
    leg = _legs()
    standing = func.sum(leg.c.amount).over(partition_by=leg.c.loan_id)
    rise = larger(case((leg.c.day.is_not(None), leg.c.amount), else_=0), 0)
    so_far = func.sum(rise).over(partition_by=leg.c.loan_id, order_by=(leg.c.day, leg.c.id))
    spread = select(
        leg.c.id,
        leg.c.loan_id,
        leg.c.day,
        smaller(rise, standing - so_far + rise).label("amount"),
    ).subquery("spread")
    missing = (
        select(func.max(leg.c.id).label("id"), leg.c.loan_id, func.max(leg.c.day), total(leg.c.amount))
        .group_by(leg.c.loan_id)
        .having(total(leg.c.amount) < 0)
    )
    found = union_all(select(spread).where(spread.c.amount > 0), missing).subquery("by_tape")
    return select(
        found.c.id, found.c.loan_id, word(TAPE).label("rail"), found.c.amount, moment_of(found.c.day)
    )


def _legs() -> FromClause:
    """`day` is the tape's, null where a report or a reversal met what a tape had counted."""
    entry, posting = ledger_entry_table.alias(), posting_table.alias()
    day: ColumnElement[str] = entry.c.data["as_of"].as_string()
    return (
        select(entry.c.id, entry.c.loan_id, posting.c.amount, day.label("day"))
        .join(posting, posting.c.entry_id == entry.c.id)
        .where(posting.c.account == word(TAPE))
        .subquery("tape_leg")
    )
