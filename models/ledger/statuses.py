"""Loans become overdue, and current again, with the day."""

from datetime import date

from sqlalchemy import Connection, or_, update

from models.loan import Loan

_L = Loan.__table__


def refresh_statuses(connection: Connection, today: date) -> int:
    """Set-based; disputed, written-off and settled loans are left alone. How many changed."""
    late = update(_L).where(_L.c.status == "current", _L.c.overdue_since < today, _L.c.outstanding_centavos > 0).values(status="overdue")
    back = update(_L).where(_L.c.status == "overdue", or_(_L.c.overdue_since.is_(None), _L.c.overdue_since >= today)).values(status="current")
    return connection.execute(late).rowcount + connection.execute(back).rowcount
