"""Delivery receipts: kept as they come; a message's status is the highest rank seen, whatever their order."""

from datetime import datetime

import structlog
from sqlalchemy import Connection, bindparam, select, update

from bot.channels import Receipt, Sent
from bot.outreach.sending import attempts, delivery, health, outcomes
from bot.outreach.sending.entries import record_contact
from bot.services import Services
from models import delivery_attempt_table, message_table, receipt_table, write_tx
from models.base import AnyRow
from models.message import WITH_STANDING
from models.trace import traced
from models.upsert import add_new

log = structlog.get_logger(__name__)

RANKS = {
    "suppressed": 0,
    "queued": 0,
    "sending": 1,
    "unknown": 1,
    "sent": 2,
    "failed": 3,
    "delivered": 4,
    "read": 5,
}
"""Of our own states. A late `failed` never takes back `delivered`; a late `delivered` does take back
`failed`.
"""
_FOUND = (
    select(
        message_table.c.id,
        message_table.c.conversation_id,
        message_table.c.borrower_id,
        message_table.c.loan_id,
        message_table.c.channel,
        message_table.c.purpose,
        message_table.c.status,
        message_table.c.sent_at,
        message_table.c.trace,
        delivery_attempt_table.c.id.label("attempt_id"),
        delivery_attempt_table.c.provider_sid.label("sid"),
        health.POINT_FAILED,
    )
    .select_from(WITH_STANDING)
    .where(message_table.c.direction == "out")
    .with_for_update(of=message_table)
)
"""Three come of every message: each column that is read costs its handling."""
_BY_ID = _FOUND.where(message_table.c.id == bindparam("message"))
_BY_SID = _FOUND.where(delivery_attempt_table.c.provider_sid == bindparam("sid"))
_MOVED = (
    update(message_table)
    .where(message_table.c.id == bindparam("message"))
    .values(status=bindparam("reached"), reason=None, sent_at=bindparam("left_at"))
)


def record_receipt(services: Services, receipt: Receipt) -> bool:
    """Applies a receipt to the message that its address names, else to the one that bears its SID; whether it
    was news.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = _message(connection, receipt)
        if row is None:
            return False
        with traced(row.trace):
            news = _apply(connection, services, row, receipt, now)
    log.info(
        "receipt", trace=row.trace, message=row.id, status=receipt.reported, code=receipt.code, news=news
    )
    return news


def _apply(connection: Connection, services: Services, row: AnyRow, receipt: Receipt, now: datetime) -> bool:
    kept = {
        "message_id": row.id,
        "status": receipt.reported,
        "error_code": receipt.code,
        "extra": dict(receipt.extra) or None,
        "at": now,
    }
    if add_new(connection, receipt_table, ("message_id", "status"), kept) is None:
        return False  # came before
    if row.sid is None:
        _own(connection, row, receipt, now)
    if receipt.delivery is None or RANKS[receipt.delivery] <= RANKS[row.status]:
        return False
    outcomes.record_left(connection, [row], now)
    if receipt.delivery == "failed":
        current = attempts.reload(connection, row.id)
        delivery.refused(connection, services, current, receipt.code or "failed", receipt.reaction, now)
        return True
    moved = {"message": row.id, "reached": receipt.delivery, "left_at": row.sent_at or now}
    connection.execute(_MOVED, moved)
    if receipt.delivery != "sent":
        record_contact(connection, row, receipt.delivery, now, delivery.PROVIDER)
        health.reached(connection, row)
    return True


def _message(connection: Connection, receipt: Receipt) -> AnyRow | None:
    """Null for what is none of ours, and for an earlier try of a message that has since been sent anew."""
    found = (
        connection.execute(_BY_SID, {"sid": receipt.provider_sid})
        if receipt.message_id is None
        else connection.execute(_BY_ID, {"message": receipt.message_id})
    )
    row = found.first()
    return row if row is not None and row.sid in (None, receipt.provider_sid) else None


def _own(connection: Connection, row: AnyRow, receipt: Receipt, now: datetime) -> None:
    """The callback bears our own id: its SID is this message's, whatever a search by text may have guessed
    for another.
    """
    sent = Sent(receipt.provider_sid, receipt.account_sid or "")
    attempts.take_from_guess(connection, row.id, sent)
    tried = row.attempt_id or attempts.newest(connection, row.id)
    if tried is not None:
        attempts.taken(connection, [(tried, sent)], now)
