"""Delivery receipts: kept as they come; a message's status is the highest rank seen, whatever their order."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from bot.channels.twilio.errors import reaction_to
from bot.conversation.upsert import insert_new
from bot.services import Services
from models import Borrower, ContactPoint, Loan, Message, Receipt, writing
from models.base import AnyRow
from models.ledger import NewEntry, append_many

_M, _R, _P, _B, _L = Message.__table__, Receipt.__table__, ContactPoint.__table__, Borrower.__table__, Loan.__table__

RANKS = {"queued": 0, "sending": 1, "unknown": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5}
"""Of our own states. A late `failed` never takes back `delivered`."""
OURS = {
    "accepted": "sent", "scheduled": "sent", "queued": "sent", "sending": "sent", "sent": "sent", "delivered": "delivered", "read": "read",
    "failed": "failed", "undelivered": "failed", "canceled": "failed", "partially_delivered": "delivered",
}  # fmt: skip


class NotAReceipt(ValueError):
    def __init__(self, missing: str) -> None:
        super().__init__(f"this is not a receipt of Twilio's: {missing}")


def record_receipt(services: Services, message: str | None, form: Mapping[str, str]) -> None:
    """Applies a receipt to the message that its address names, or that bears its SID. Raises NotAReceipt."""
    sid, status = form.get("MessageSid"), form.get("MessageStatus")
    if not sid or status not in OURS:
        raise NotAReceipt("MessageSid or MessageStatus missing or unknown")
    now = services.clock.now()
    with writing(services.engine) as connection:
        mine = _M.c.id == int(message) if message and message.isdecimal() else _M.c.provider_sid == sid
        row = connection.execute(select(_M).where(mine, _M.c.direction == "out").with_for_update()).first()
        if row is None or (row.provider_sid not in (None, sid)):
            return  # not one of ours, or of a message that was since sent anew
        error = form.get("ErrorCode") or None
        receipt = {
            "message_id": row.id,
            "status": status,
            "error_code": error,
            "extra": {k: v for k, v in form.items() if k.startswith("Channel")} or None,
            "at": now,
        }
        if connection.scalar(insert_new(connection, _R, ("message_id", "status")).returning(_R.c.id), receipt) is not None:
            apply(connection, row, OURS[status], sid, form.get("AccountSid"), error, now)


def apply(connection: Connection, row: AnyRow, status: str, sid: str, account: str | None, error: str | None, now: datetime) -> None:
    """Moves a message forward by rank; its fate is the ledger's and the contact point's too."""
    values: dict[str, Any] = {"provider_sid": sid, "account_sid": account}
    if RANKS[status] > RANKS.get(row.status, 0):
        values |= {"status": status, "error_code": error, "sent_at": row.sent_at or now}
        _tell_ledger(connection, row, status, error, now)
        if status == "failed":
            react(connection, row, error or "", now)
        elif status in ("delivered", "read"):
            health = update(_P).where(_P.c.conversation_id == row.conversation_id, _P.c.channel == row.channel, _P.c.failures > 0)
            connection.execute(health.values(failures=0))
    connection.execute(update(_M).where(_M.c.id == row.id).values(**values))


def _tell_ledger(connection: Connection, row: AnyRow, status: str, error: str | None, now: datetime) -> None:
    if row.purpose == "reply" or status == "sent":
        return
    data = {"message": row.id, "channel": row.channel, **({"error": error} if error else {})}
    entries = {loan: [NewEntry(f"contact.{status}", data, "provider:twilio", key=f"{status}:{row.id}:{loan}")] for loan in loans_of(connection, row)}
    if entries:
        append_many(connection, entries, now)


def loans_of(connection: Connection, row: AnyRow) -> list[int]:
    """The loan that a message is about, or else the open ones of everyone whom the tape reaches at its address."""
    if row.loan_id is not None:
        return [row.loan_id]
    people = select(_P.c.borrower_id).where(_P.c.conversation_id == row.conversation_id)
    query = select(_L.c.id).where(_L.c.borrower_id.in_(people), _L.c.status.not_in(("settled", "written_off"))).order_by(_L.c.id)
    return list(connection.scalars(query))


def react(connection: Connection, row: AnyRow, code: str, now: datetime) -> str:
    """What a refusal means for the contact point; the reaction itself is answered."""
    reaction = reaction_to(code)
    here = (_P.c.conversation_id == row.conversation_id) & (_P.c.channel == row.channel)
    if reaction == "opted_out":
        people = select(_P.c.borrower_id).where(_P.c.conversation_id == row.conversation_id)
        connection.execute(update(_P).where(here).values(status="closed", closed_reason=f"blocked:{code}"))
        connection.execute(update(_B).where(_B.c.id.in_(people), _B.c.opted_out_at.is_(None)).values(opted_out_at=now))
    elif reaction == "point_invalid" or (reaction == "other_form" and row.address.startswith("whatsapp:+521")):
        connection.execute(update(_P).where(here).values(status="invalid", closed_reason=code, failures=_P.c.failures + 1))
    elif reaction == "other_form":
        connection.execute(update(_P).where(here).values(address=other_form(row.address), failures=_P.c.failures + 1))
    return reaction


def other_form(address: str) -> str:
    """WhatsApp keeps old Mexican accounts as 521 and ten digits, newer ones as 52."""
    return address.replace("whatsapp:+52", "whatsapp:+521", 1) if not address.startswith("whatsapp:+521") else address
