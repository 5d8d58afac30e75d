"""Receipts as they are posted: three come of every message. The webhook keeps each by one statement, and a
worker applies many at once.
"""

from dataclasses import fields
from datetime import datetime

import structlog
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from bot.channels import Receipt
from bot.outreach.sending.receipts import record_many
from bot.services import Services
from models import posted_receipt_table, read_autocommit, write_one, write_tx

log = structlog.get_logger(__name__)

MOST = 500
"""Applied in one transaction."""
TRIES = 5
_FIELDS = [field.name for field in fields(Receipt) if field.name != "at"]
_KEEP = insert(posted_receipt_table).values(tries=0).inline()
_WAITING = (
    select(posted_receipt_table.c.id)
    .where(posted_receipt_table.c.tries < TRIES)
    .order_by(posted_receipt_table.c.id)
    .limit(MOST)
)
_TAKEN = (
    select(posted_receipt_table)
    .where(posted_receipt_table.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(posted_receipt_table.c.id)
    .with_for_update(skip_locked=True)
)
_APPLIED = delete(posted_receipt_table).where(posted_receipt_table.c.id.in_(bindparam("ids", expanding=True)))
_RAISED = (
    update(posted_receipt_table)
    .where(posted_receipt_table.c.id == bindparam("raised"))
    .values(tries=posted_receipt_table.c.tries + 1)
)


def keep_receipt(services: Services, *receipts: Receipt) -> None:
    """Durable once this returns: all, or none where it raises."""
    at = services.clock.now()
    rows = [{"content": {name: getattr(each, name) for name in _FIELDS}, "at": at} for each in receipts]
    write_one(services.engine, _KEEP, rows)


def apply_receipts(services: Services) -> int:
    """Applies what was kept, oldest first; how many. Where that raises each is tried by itself, so that one
    holds up no other.
    """
    with read_autocommit(services.engine) as connection:
        ids = list(connection.scalars(_WAITING))
    if not ids:
        return 0
    now = services.clock.now()
    try:
        with write_tx(services.engine) as connection:
            return _apply(connection, services, ids, now)
    except Exception as error:
        log.warning("receipts are applied one by one", error=type(error).__name__)
    return sum(_apply_alone(services, each, now) for each in ids)


def _apply(connection: Connection, services: Services, ids: list[int], now: datetime) -> int:
    rows = connection.execute(_TAKEN, {"ids": ids}).all()
    if rows:
        record_many(connection, services, [Receipt(**row.content, at=row.at) for row in rows], now)
        connection.execute(_APPLIED, {"ids": [row.id for row in rows]})
    return len(rows)


def _apply_alone(services: Services, posted: int, now: datetime) -> int:
    try:
        with write_tx(services.engine) as connection:
            return _apply(connection, services, [posted], now)
    except Exception:
        log.exception("receipt raised", posted_receipt=posted)
    write_one(services.engine, _RAISED, {"raised": posted})
    return 0
