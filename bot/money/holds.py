"""Holds of the lender and of the books: placed once, lifted once, each with who and why."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, update

from models import hold_table
from models.ledger import NewEntry, append, refresh_statuses
from values import city_day


def place_hold(
    connection: Connection,
    loan_id: int,
    kind: str,
    at: datetime,
    actor: str,
    *,
    until: datetime | None = None,
    because: Mapping[str, Any] | None = None,
) -> bool:
    """Whether it was placed: one of the same kind that stands at least as long is left as it is. The loan is
    locked before.
    """
    standing = (
        hold_table.c.loan_id == loan_id,
        hold_table.c.kind == kind,
        hold_table.c.lifted_at.is_(None),
    )
    longer = (
        hold_table.c.until.is_(None)
        if until is None
        else or_(hold_table.c.until.is_(None), hold_table.c.until >= until)
    )
    if connection.execute(hold_table.select().where(*standing, longer)).first() is not None:
        return False
    connection.execute(update(hold_table).where(*standing).values(lifted_at=at))
    connection.execute(insert(hold_table).values(loan_id=loan_id, kind=kind, placed_at=at, until=until))
    ends = {"until": until.isoformat()} if until else {}
    data = {"hold": kind, **ends, **(because or {})}
    append(connection, loan_id, at, NewEntry("hold.placed", data, actor))
    refresh_statuses(connection, city_day(at), at, [loan_id])
    return True


def lift_hold(
    connection: Connection,
    loan_id: int,
    kind: str,
    at: datetime,
    actor: str,
    *,
    because: Mapping[str, Any] | None = None,
) -> bool:
    """Whether one stood."""
    lifted = update(hold_table).where(
        hold_table.c.loan_id == loan_id,
        hold_table.c.kind == kind,
        hold_table.c.lifted_at.is_(None),
        or_(hold_table.c.until.is_(None), hold_table.c.until > at),
    )
    if connection.execute(lifted.values(lifted_at=at)).rowcount == 0:
        return False
    data = {"hold": kind, **(because or {})}
    append(connection, loan_id, at, NewEntry("hold.lifted", data, actor))
    refresh_statuses(connection, city_day(at), at, [loan_id])
    return True
