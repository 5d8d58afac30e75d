"""Loans that a complete tape does not name: they may be cancelled, sold, or lost by the export. They are not
closed; nobody is reminded or charged for them until a tape names them again or a person decides.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.portfolio.reload import place_holds
from models import hold_table, loan_table
from models.ledger import NewEntry, append_many

KIND = "missing"
BATCH = 500


def hold_missing(connection: Connection, external_ids: Sequence[str], now: datetime, actor: str) -> None:
    """Places the hold where it does not stand."""
    for start in range(0, len(external_ids), BATCH):
        batch = external_ids[start : start + BATCH]
        ids = connection.scalars(select(loan_table.c.id).where(loan_table.c.external_id.in_(batch)))
        place_holds(connection, {loan: [KIND] for loan in sorted(ids)}, now, actor)


def release_found(connection: Connection, loan_ids: Sequence[int], now: datetime, actor: str) -> None:
    """Lifts the hold of loans that a tape names again."""
    held = hold_table.c.loan_id.in_(loan_ids) & (hold_table.c.kind == KIND) & hold_table.c.lifted_at.is_(None)
    found = sorted(connection.scalars(select(hold_table.c.loan_id).where(held)))
    if found:
        connection.execute(update(hold_table).where(held).values(lifted_at=now))
        entry = NewEntry("hold.lifted", {"hold": KIND}, actor)
        append_many(connection, {loan: [entry] for loan in found}, now)
