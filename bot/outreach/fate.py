"""What becomes of a message that was tried: sent, put off, another road, or a person's task."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, insert, update

from bot.channels import Outgoing, PermanentFailure, Reaction, Sent, TransientFailure, Transport, UnknownOutcome
from bot.channels.twilio.receipts import loans_of, other_form, react
from bot.conversation.upsert import insert_new
from bot.services import Services
from models import Conversation, Message, Task, writing
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from values import address_key

log = structlog.get_logger(__name__)

_M, _C, _T = Message.__table__, Conversation.__table__, Task.__table__
MOST_TRIES = 6

__all__ = ["Attempt", "attempt", "fail", "loans_of", "record"]


@dataclass(frozen=True, slots=True)
class Attempt:
    sent: Sent | None = None
    again: str | None = None
    """Never taken, for this code."""
    unknown: str | None = None
    refused: tuple[str, Reaction] | None = None


def attempt(transport: Transport, outgoing: Outgoing) -> Attempt:
    """One call to the provider; never raises for what the provider does."""
    try:
        return Attempt(sent=transport.send(outgoing))
    except TransientFailure as failure:
        return Attempt(again=failure.code)
    except UnknownOutcome as failure:
        return Attempt(unknown=failure.code)
    except PermanentFailure as failure:
        return Attempt(refused=(failure.code, failure.reaction))


def record(services: Services, row: AnyRow, tried: Attempt) -> None:
    """Writes what came of it, unless a receipt was faster."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        if tried.sent is not None:
            _sent(connection, row, tried.sent, now)
        elif tried.unknown is not None:
            still = (_M.c.id == row.id) & (_M.c.status == "sending")
            connection.execute(update(_M).where(still).values(status="unknown", error_code=tried.unknown))
        elif tried.again is not None:
            _later(connection, row, now, timedelta(seconds=2 ** min(row.attempts, 5)), tried.again)
        elif tried.refused is not None:
            _refused(connection, services, row, *tried.refused, now)


def _sent(connection: Connection, row: AnyRow, sent: Sent, now: datetime) -> None:
    ours = {"provider_sid": sent.provider_sid, "account_sid": sent.account_sid}
    still = (_M.c.id == row.id) & _M.c.status.in_(("sending", "unknown"))
    if connection.execute(update(_M).where(still).values(status="sent", **ours)).rowcount == 0:
        connection.execute(update(_M).where(_M.c.id == row.id).values(**ours))
    if row.purpose != "reply":
        connection.execute(update(_C).where(_C.c.id == row.conversation_id).values(contacted_at=now))
        _tell(connection, row, "contact.sent", {}, now)


def _tell(connection: Connection, row: AnyRow, kind: str, more: dict[str, Any], now: datetime) -> None:
    data = {"message": row.id, "channel": row.channel, "purpose": row.purpose, **more}
    if loans := loans_of(connection, row):
        word = kind.removeprefix("contact.")
        append_many(connection, {loan: [NewEntry(kind, data, "system:dispatch", key=f"{word}:{row.id}:{loan}")] for loan in loans}, now)


def _later(connection: Connection, row: AnyRow, now: datetime, wait: timedelta, code: str) -> None:
    if row.attempts + 1 >= MOST_TRIES:
        fail(connection, row, code, now)
        return
    connection.execute(update(_M).where(_M.c.id == row.id).values(status="queued", not_before=now + wait, error_code=code, claimed_at=None))


def fail(connection: Connection, row: AnyRow, code: str, now: datetime, **values: Any) -> None:
    """It does not leave; the ledger says so, and a person is told."""
    connection.execute(update(_M).where(_M.c.id == row.id).values(status="failed", error_code=code, **values))
    if row.purpose != "reply":
        _tell(connection, row, "contact.failed", {"error": code}, now)
    task = {
        "kind": "not_sent", "conversation_id": row.conversation_id, "loan_id": row.loan_id, "message_id": row.id, "data": {"error": code},
        "key": f"not_sent:{row.id}", "created_at": now,
    }  # fmt: skip
    connection.execute(insert_new(connection, _T, ("key",)), task)


def _refused(connection: Connection, services: Services, row: AnyRow, code: str, reaction: Reaction, now: datetime) -> None:
    """By the table of reactions."""
    react(connection, row, code, now)
    match reaction:
        case "retry_later" if row.attempts < 2:
            _later(connection, row, now, timedelta(minutes=5), code)
        case "wait_day":
            _later(connection, row, now, timedelta(days=1), code)
        case "stop_sender":
            _later(connection, row, now, timedelta(minutes=5), code)
            task = {"kind": "sender_stopped", "data": {"error": code}, "key": f"sender:{code}:{now.date().isoformat()}", "created_at": now}
            connection.execute(insert_new(connection, _T, ("key",)), task)
        case "other_form" if row.channel == "whatsapp" and other_form(row.address) != row.address:
            connection.execute(update(_M).where(_M.c.id == row.id).values(status="queued", address=other_form(row.address), error_code=code))
        case "other_form" | "point_invalid" | "other_channel" if row.channel == "whatsapp" and services.settings.sms_from:
            fail(connection, row, code, now)
            _by_sms(connection, row, now)
        case _:
            fail(connection, row, code, now)


def _by_sms(connection: Connection, row: AnyRow, now: datetime) -> None:
    """The same words by SMS, to the phone behind the WhatsApp address."""
    phone = address_key(row.address)
    if not phone.startswith("+"):
        return
    kept = ("conversation_id", "borrower_id", "loan_id", "direction", "author", "agent_id", "wording", "purpose", "owner_version")
    copy = {name: getattr(row, name) for name in kept} | {
        "status": "queued", "body": row.body if row.wording is None else "", "attempts": 0, "channel": "sms", "address": phone, "not_before": now,
        "created_at": now,
    }  # fmt: skip
    connection.execute(insert(_M), copy)
