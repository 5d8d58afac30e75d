"""Outcomes that nobody knows: left only by asking the provider. Nothing is blindly sent again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.channels import (
    Listed,
    PermanentFailure,
    Sent,
    TransientFailure,
    Transport,
    UnknownOutcome,
    make_transport,
)
from bot.clock import system_now
from bot.outreach.sending import attempts, outcomes
from bot.outreach.sending.dispatch import CLAIM, take_up
from bot.reach import NewTask, open_task
from bot.services import Services
from models import delivery_attempt_table, message_table, read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

SETTLED = timedelta(seconds=60)
"""After this long the provider's list shows what it took."""
BATCH = 20


def resolve_unknown(services: Services, transport: Transport | None = None) -> int:
    """Takes up claims of processes that died, and asks the provider about every message whose delivery is not
    known; how many are known now.
    """
    take_up(services, system_now() - CLAIM)
    with read_tx(services.engine) as connection:
        rows = connection.execute(
            attempts.MESSAGES.where(attempts.UNKNOWN)
            .order_by(delivery_attempt_table.c.claimed_at)
            .limit(BATCH)
        ).all()
    if not rows:
        return 0
    transport = transport or make_transport(services)
    return sum(_resolve(services, transport, row, system_now()) for row in rows)


def _resolve(services: Services, transport: Transport, row: AnyRow, at: datetime) -> bool:
    """Whether its delivery is known now. Matched by text to a SID that no other row owns; `at` is machine
    time, as the claim's is.
    """
    try:
        listed = transport.sent_to(row.channel, row.address, row.claimed_at - timedelta(minutes=1))
    except (TransientFailure, UnknownOutcome, PermanentFailure) as failure:
        log.warning("the provider could not be asked", message=row.id, code=failure.code)
        return False
    free = _not_owned(services, [message for message in listed if is_text_of(message.text, row.body)])
    if len(free) == 1:
        return _found(services, row, free[0])
    if len(free) > 1:
        return _to_a_person(services, row, len(free))
    return at - row.claimed_at >= SETTLED and _never_sent(services, row)


def _never_sent(services: Services, row: AnyRow) -> bool:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        never = (message_table.c.id == row.id) & (message_table.c.status == "unknown")
        done = connection.execute(update(message_table).where(never).values(status="queued", not_before=now))
        if done.rowcount == 1:
            attempts.settle(connection, row.attempt_id, "never_sent", now)
        return done.rowcount == 1


def is_text_of(listed: str, body: str) -> bool:
    """Whether the listed text is this body, alone or with its choices as a numbered list below; a provider
    cuts and re-spaces.
    """
    theirs, ours = " ".join(listed.split()), " ".join(body.split())
    return (
        theirs == ours
        or theirs.startswith(f"{ours} 1. ")
        or (len(theirs) > 1_500 and ours.startswith(theirs))
    )


def _found(services: Services, row: AnyRow, message: Listed) -> bool:
    try:
        with write_tx(services.engine) as connection:
            sent = Sent(message.provider_sid, message.account_sid)
            outcomes.left(connection, row, row.attempt_id, sent, services.clock.now())
    except IntegrityError:
        return False  # another message of the same words took it a moment ago
    return True


def _to_a_person(services: Services, row: AnyRow, matches: int) -> bool:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        still = (message_table.c.id == row.id) & (message_table.c.status == "unknown")
        given_up = update(message_table).where(still).values(status="failed", reason="several")
        if connection.execute(given_up).rowcount == 1:
            attempts.settle(connection, row.attempt_id, "ambiguous", now)
            open_task(
                connection,
                NewTask(
                    "unknown_message",
                    now,
                    key=f"unknown:{row.id}",
                    conversation_id=row.conversation_id,
                    loan_id=row.loan_id,
                    message_id=row.id,
                    data={"matches": matches},
                ),
            )
    return True


def _not_owned(services: Services, listed: Sequence[Listed]) -> list[Listed]:
    sids = [message.provider_sid for message in listed]
    with read_tx(services.engine) as connection:
        owned = attempts.owned(connection, sids)
    return [message for message in listed if message.provider_sid not in owned]
