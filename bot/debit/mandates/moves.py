"""Moves of a mandate, with what they mean for its charges and what they leave in the ledger."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, delete, select

from bot.debit.notices import take_back_notice
from models import charge_table, identity_file_table
from models.base import AnyRow, words
from models.ledger import NewEntry
from models.transitions import move

NOT_SENT = ("planned", "notified")
"""States of a charge that nobody but us knows of yet."""
_WAITING = (
    select(charge_table)
    .where(charge_table.c.mandate_id == bindparam("mandate"), charge_table.c.status.in_(words(*NOT_SENT)))
    .order_by(charge_table.c.id)
    .with_for_update()
)

_FORGET = delete(identity_file_table).where(identity_file_table.c.mandate_id == bindparam("mandate"))

Ended = Literal["cancelled", "expired", "rejected"]


def move_mandate(
    connection: Connection,
    mandate: AnyRow,
    to: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any] | None = None,
    **values: Any,
) -> NewEntry:
    """Moves it, with `values` for other columns; the entry to be written to its loan. Raises IllegalMove,
    LostRace.
    """
    recorded = {"mandate": mandate.id, "folio": mandate.folio, **(data or {})}
    if to != "authorized":  # identity files were sent, or are needed no more
        connection.execute(_FORGET, {"mandate": mandate.id})
    move(connection, "mandate", mandate.id, to, at=at, actor=actor, data=recorded, **values)
    return NewEntry(f"mandate.{to}", recorded, actor)


def end_mandate(
    connection: Connection, mandate: AnyRow, to: Ended, reason: str, at: datetime, actor: str, **data: Any
) -> list[NewEntry]:
    """Ends it at once: charges that have not left are cancelled, and the provider, if it knows of the
    mandate, is due to be notified.

    The entries to be written to its loan. Raises IllegalMove, LostRace.
    """
    knows = at if mandate.provider_refs and to != "rejected" else None
    ended = move_mandate(
        connection, mandate, to, at, actor, {"reason": reason, **data}, due_at=knows, claimed_at=None, tries=0
    )
    return [ended, *cancel_charges(connection, mandate.id, f"mandate_{to}", at, actor)]


def cancel_charges(
    connection: Connection, mandate_id: int, reason: str, at: datetime, actor: str
) -> list[NewEntry]:
    """Those of a mandate that have not left: one or two, since one is open per instalment."""
    entries: list[NewEntry] = []
    for charge in connection.execute(_WAITING, {"mandate": mandate_id}).all():
        take_back_notice(connection, charge, at)
        recorded = {"charge": charge.id, "mandate": mandate_id, "amount": charge.amount, "reason": reason}
        move(connection, "charge", charge.id, "cancelled", at=at, actor=actor, data=recorded)
        entries.append(NewEntry("charge.cancelled", recorded, actor))
    return entries
