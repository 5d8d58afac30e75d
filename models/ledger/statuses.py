"""Loans become overdue, and current again, with the day; disputed while a dispute stands."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, literal_column, or_, select, true, update

from models.hold import hold_table
from models.hold import stands as hold_stands
from models.loan import loan_table


def refresh_statuses(
    connection: Connection, today: date, now: datetime, loans: Sequence[int] | None = None
) -> int:
    """Of all loans, or of some; set-based. Written-off and settled ones are left alone. How many changed."""
    some = loan_table.c.id.in_(loans) if loans is not None else true()
    ever = select(hold_table.c.loan_id).where(hold_table.c.kind == literal_column("'dispute'"))
    standing = ever.where(hold_stands(now))
    due = loan_table.c.overdue_since
    moves = (
        update(loan_table)
        .where(loan_table.c.status.in_(("current", "overdue")), loan_table.c.id.in_(standing))
        .values(status="disputed"),
        update(loan_table)
        .where(loan_table.c.status == "disputed", loan_table.c.id.in_(ever), loan_table.c.id.not_in(standing))
        .values(status="current"),
        update(loan_table)
        .where(loan_table.c.status == "current", due < today, loan_table.c.outstanding_centavos > 0)
        .values(status="overdue"),
        update(loan_table)
        .where(loan_table.c.status == "overdue", or_(due.is_(None), due >= today))
        .values(status="current"),
    )
    return sum(connection.execute(move.where(some)).rowcount for move in moves)
