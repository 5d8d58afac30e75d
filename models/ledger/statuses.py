"""Loans become overdue, and current again, with the day; disputed while a dispute stands."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, literal_column, or_, select, true, update

from models.loan import Hold, Loan

_L, _H = Loan.__table__, Hold.__table__


def refresh_statuses(connection: Connection, today: date, now: datetime, loans: Sequence[int] | None = None) -> int:
    """Of all loans, or of some; set-based. Written-off and settled ones are left alone. How many changed."""
    some = _L.c.id.in_(loans) if loans is not None else true()
    ever = select(_H.c.loan_id).where(_H.c.kind == literal_column("'dispute'"))
    standing = ever.where(_H.c.lifted_at.is_(None), or_(_H.c.until.is_(None), _H.c.until > now))
    due = _L.c.overdue_since
    moves = (
        update(_L).where(_L.c.status.in_(("current", "overdue")), _L.c.id.in_(standing)).values(status="disputed"),
        update(_L).where(_L.c.status == "disputed", _L.c.id.in_(ever), _L.c.id.not_in(standing)).values(status="current"),
        update(_L).where(_L.c.status == "current", due < today, _L.c.outstanding_centavos > 0).values(status="overdue"),
        update(_L).where(_L.c.status == "overdue", or_(due.is_(None), due >= today)).values(status="current"),
    )
    return sum(connection.execute(move.where(some)).rowcount for move in moves)
