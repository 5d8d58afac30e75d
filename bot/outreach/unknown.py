"""Outcomes that nobody knows: left only by asking the provider. Nothing is blindly sent again."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.channels import PermanentFailure, Sent, TransientFailure, Transport, UnknownOutcome
from bot.channels.transport import Listed
from bot.clock import system_now
from bot.conversation.upsert import insert_new
from bot.outreach import fate
from bot.outreach.dispatch import make_transport
from bot.services import Services
from models import Message, Task, reading, writing
from models.base import AnyRow

_M, _T = Message.__table__, Task.__table__
CLAIM_SECONDS = 10
"""Longer than the provider's time limit: a claim this old belongs to a process that is gone."""
SETTLED_SECONDS = 60
"""After this long the provider's list shows what it took."""
BATCH = 20


def resolve_unknown(services: Services, transport: Transport | None = None) -> int:
    """Takes up claims of processes that died, and asks the provider about every message whose fate is not known."""
    at = system_now()
    with writing(services.engine) as connection:
        dead = (_M.c.status == "sending") & (_M.c.claimed_at < at - timedelta(seconds=CLAIM_SECONDS))
        connection.execute(update(_M).where(dead).values(status="unknown", error_code="claim"))
    with reading(services.engine) as connection:
        rows = connection.execute(select(_M).where(_M.c.status == "unknown").order_by(_M.c.claimed_at).limit(BATCH)).all()
    if not rows:
        return 0
    transport = transport or make_transport(services)
    return sum(_resolve(services, transport, row) for row in rows)


def _resolve(services: Services, transport: Transport, row: AnyRow) -> bool:
    """Whether its fate is known now. Matched by text to a SID that no other row owns."""
    since = row.claimed_at - timedelta(minutes=1)
    try:
        listed = [m for m in transport.sent_to(row.address, since) if m.text.startswith(row.body[:200])]
    except (TransientFailure, UnknownOutcome, PermanentFailure):
        return False
    free = _not_owned(services, listed)
    if len(free) == 1:
        fate.record(services, row, fate.Attempt(sent=Sent(free[0].provider_sid, services.settings.twilio_account_sid)))
        return True
    now = services.clock.now()
    if len(free) > 1:
        with writing(services.engine) as connection:
            task = {"kind": "unknown_message", "conversation_id": row.conversation_id, "message_id": row.id, "data": {"matches": len(free)},
                    "key": f"unknown:{row.id}", "created_at": now}  # fmt: skip
            connection.execute(insert_new(connection, _T, ("key",)), task)
            connection.execute(update(_M).where(_M.c.id == row.id, _M.c.status == "unknown").values(status="failed", error_code="several"))
        return True
    if system_now() - row.claimed_at < timedelta(seconds=SETTLED_SECONDS):
        return False
    with writing(services.engine) as connection:
        connection.execute(update(_M).where(_M.c.id == row.id, _M.c.status == "unknown").values(status="queued", not_before=now))
    return True


def _not_owned(services: Services, listed: list[Listed]) -> list[Listed]:
    sids = [message.provider_sid for message in listed]
    with reading(services.engine) as connection:
        owned = set(connection.scalars(select(_M.c.provider_sid).where(_M.c.provider_sid.in_(sids)))) if sids else set()
    return [message for message in listed if message.provider_sid not in owned]
