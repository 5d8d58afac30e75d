"""Delivery receipts: kept as they come; a message's status is the highest rank seen, whatever their order."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, select, update

from bot.channels import DeliveryStatus, Receipt, Sent
from bot.outreach.sending import attempts, delivery, health, outcomes
from bot.outreach.sending.entries import record_contacts
from bot.services import Services
from models import delivery_attempt_table, message_table, receipt_table, write_tx
from models.base import AnyRow
from models.message import WITH_STANDING
from models.trace import traced
from models.upsert import add_new, insert_new

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
ARRIVED: tuple[DeliveryStatus, ...] = ("sent", "delivered", "read")
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
_BY_IDS = _FOUND.where(message_table.c.id.in_(bindparam("messages", expanding=True))).order_by(
    message_table.c.id
)
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
        return record_one(connection, services, receipt, now)


def record_one(connection: Connection, services: Services, receipt: Receipt, now: datetime) -> bool:
    """The same within a transaction."""
    row = _message(connection, receipt)
    if row is None:
        return False
    with traced(row.trace):
        news = _apply(connection, services, row, receipt, now)
    _report(row, receipt, news=news)
    return news


def record_many(
    connection: Connection, services: Services, receipts: Iterable[Receipt], now: datetime
) -> None:
    """The same, in their order, for many: those of messages that arrive take a few statements together."""
    for arrives, some in groupby(receipts, _arrives):
        if arrives:
            _record_arrived(connection, services, list(some), now)
        else:
            for receipt in some:
                record_one(connection, services, receipt, now)


def _arrives(receipt: Receipt) -> bool:
    return receipt.message_id is not None and receipt.delivery in ARRIVED


def _record_arrived(
    connection: Connection, services: Services, receipts: Sequence[Receipt], now: datetime
) -> None:
    """A message whose SID is not known yet learns it from each of its own."""
    ids = {receipt.message_id for receipt in receipts}
    rows = {row.id: row for row in connection.execute(_BY_IDS, {"messages": list(ids)})}
    found = [(rows[each.message_id], each) for each in receipts if each.message_id in rows]
    known = [(row, receipt) for row, receipt in found if row.sid == receipt.provider_sid]
    if known:
        kept = [_kept(row, receipt, now) for row, receipt in known]
        connection.execute(insert_new(connection, receipt_table, ("message_id", "status")), kept)
    if news := _news(known):
        _arrived(connection, news, now)
    for row, receipt in found:
        if row.sid is None:
            record_one(connection, services, receipt, now)


def _news(known: Iterable[tuple[AnyRow, Receipt]]) -> list[tuple[AnyRow, DeliveryStatus]]:
    """What takes its message further than all before it."""
    reached: dict[int, str] = {}
    found: list[tuple[AnyRow, DeliveryStatus]] = []
    for row, receipt in known:
        if news := _is_news(receipt, reached.get(row.id, row.status)):
            assert receipt.delivery is not None
            reached[row.id] = receipt.delivery
            found.append((row, receipt.delivery))
        _report(row, receipt, news=news)
    return found


def _is_news(receipt: Receipt, status: str) -> bool:
    return receipt.delivery is not None and RANKS[receipt.delivery] > RANKS[status]


def _apply(connection: Connection, services: Services, row: AnyRow, receipt: Receipt, now: datetime) -> bool:
    if add_new(connection, receipt_table, ("message_id", "status"), _kept(row, receipt, now)) is None:
        return False  # came before
    if row.sid is None:
        _own(connection, row, receipt, now)
    if not _is_news(receipt, row.status) or receipt.delivery is None:
        return False
    if receipt.delivery == "failed":
        outcomes.record_left(connection, [row], {row.id: row}, now)
        current = attempts.reload(connection, row.id)
        delivery.refused(connection, services, current, receipt.code or "failed", receipt.reaction, now)
    else:
        _arrived(connection, [(row, receipt.delivery)], now)
    return True


def _arrived(connection: Connection, news: Sequence[tuple[AnyRow, DeliveryStatus]], now: datetime) -> None:
    messages = {row.id: row for row, _ in news}
    outcomes.record_left(connection, messages.values(), messages, now)
    moved = {
        row.id: {"message": row.id, "reached": reached, "left_at": row.sent_at or now}
        for row, reached in news
    }
    connection.execute(_MOVED, list(moved.values()))
    for word in ("delivered", "read"):
        record_contacts(
            connection, [row for row, reached in news if reached == word], word, now, delivery.PROVIDER
        )
    for row in messages.values():
        if moved[row.id]["reached"] != "sent":
            health.reached(connection, row)


def _kept(row: AnyRow, receipt: Receipt, now: datetime) -> dict[str, Any]:
    return {
        "message_id": row.id,
        "status": receipt.reported,
        "error_code": receipt.code,
        "extra": dict(receipt.extra) or None,
        "at": receipt.at or now,
    }


def _report(row: AnyRow, receipt: Receipt, *, news: bool) -> None:
    log.info(
        "receipt", trace=row.trace, message=row.id, status=receipt.reported, code=receipt.code, news=news
    )


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
