"""A charge's delivery may stop its mandate."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from bot.debit.mandates.moves import end_mandate, move_mandate
from models import mandate_table
from models.ledger import append
from models.transitions import MOVES


def stop_mandate(
    connection: Connection,
    mandate: int,
    to: Literal["suspended", "disputed", "cancelled"],
    reason: str,
    at: datetime,
    actor: str,
) -> None:
    """Nothing more is charged under it; one that was stopped before is left as it is. It is locked already,
    and its loan.
    """
    row = connection.execute(select(mandate_table).where(mandate_table.c.id == mandate)).one()
    if to not in MOVES["mandate"].get(row.status, ()):
        return
    if to == "cancelled":
        entries = end_mandate(connection, row, to, reason, at, actor)
    else:
        entries = [move_mandate(connection, row, to, at, actor, {"reason": reason})]
    append(connection, row.loan_id, at, *entries)
