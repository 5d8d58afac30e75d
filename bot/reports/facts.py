"""Facts of the ledger by loan and period: the ground of what is counted in loans."""

from collections.abc import Sequence

from sqlalchemy import CTE, ColumnElement, select

from models import ledger_entry_table
from models.base import words


def happened(periods: CTE, loan_id: ColumnElement[int], kinds: Sequence[str]) -> ColumnElement[bool]:
    """Whether the loan's ledger has one of these within the period."""
    return (
        select(ledger_entry_table.c.id)
        .where(
            ledger_entry_table.c.loan_id == loan_id,
            ledger_entry_table.c.kind.in_(words(*kinds)),
            ledger_entry_table.c.at >= periods.c.starts_at,
            ledger_entry_table.c.at < periods.c.ends_at,
        )
        .correlate(periods)
        .correlate_except(ledger_entry_table)
        .exists()
    )


def loans_with(periods: CTE, kinds: Sequence[str], name: str) -> CTE:
    """`period, loan_id`, once for each loan whose ledger has one of these within the period."""
    entry = ledger_entry_table.alias()
    return (
        select(periods.c.period, periods.c.starts_at, periods.c.ends_at, entry.c.loan_id)
        .distinct()
        .join(entry, (entry.c.at >= periods.c.starts_at) & (entry.c.at < periods.c.ends_at))
        .where(entry.c.kind.in_(words(*kinds)))
        .cte(name)
    )
