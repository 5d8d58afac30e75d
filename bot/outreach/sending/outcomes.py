"""What came of calls to the provider, written for many messages at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

import structlog
from sqlalchemy import Connection, bindparam, update

from bot.channels import PermanentFailure, Sent, TransientFailure, UnknownOutcome
from bot.outreach.sending import attempts, delivery, pace
from bot.outreach.sending.entries import record_contacts
from bot.services import Services
from models import conversation_table, message_table, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

Failure = TransientFailure | PermanentFailure | UnknownOutcome
_SENT = (
    update(message_table)
    .where(message_table.c.id.in_(bindparam("messages", expanding=True)))
    .values(status="sent", reason=None)
)
_CONTACTED = (
    update(conversation_table)
    .where(conversation_table.c.id.in_(bindparam("conversations", expanding=True)))
    .values(contacted_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Tried:
    """A call and what came of it. `row` is the message as it was before it was claimed: a receipt, or whoever
    took an old claim up, may have been faster.
    """

    row: AnyRow
    attempt_id: int
    outcome: Sent | Failure


def record(services: Services, tried: Sequence[Tried]) -> None:
    """In one transaction; where that fails, in one for each, so that none keeps the others from being
    recorded. What could not be written stays claimed and is taken up: the provider will be asked.
    """
    try:
        _record(services, tried)
    except Exception:
        if len(tried) == 1:
            row = tried[0].row
            log.exception("recording raised", message=row.id, conversation=row.conversation_id)
            return
        log.warning("recording a batch raised", messages=[each.row.id for each in tried], exc_info=True)
        for each in tried:
            record(services, [each])


def _record(services: Services, tried: Sequence[Tried]) -> None:
    """The failures and successes of a sender are counted in the order in which they came."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        standing = attempts.standing(connection, [each.row.id for each in tried])
        for taken, run in groupby(tried, key=lambda each: isinstance(each.outcome, Sent)):
            calls = list(run)
            if taken:
                _left(connection, standing, calls, now)
                for channel in sorted({each.row.channel for each in calls}):
                    pace.works(connection, channel, now)
            else:
                for each in calls:
                    _not_taken(connection, services, each, now)
    bound = log.bind()  # once: what is bound at each call costs more than the line
    for each in tried:
        _report(bound, each)


def _report(bound: structlog.typing.FilteringBoundLogger, each: Tried) -> None:
    """For the logs: under which id the provider has it, or why it does not."""
    ids = {"trace": each.row.trace, "message": each.row.id, "channel": each.row.channel}
    if isinstance(each.outcome, Sent):
        bound.info("message sent", **ids, sid=each.outcome.provider_sid)
    else:
        bound.info("message not sent", **ids, code=each.outcome.code)


def _not_taken(connection: Connection, services: Services, each: Tried, now: datetime) -> None:
    row, outcome = each.row, each.outcome
    if isinstance(outcome, TransientFailure | UnknownOutcome):
        pace.failed(connection, services, row.channel, outcome.code, now)
    if isinstance(outcome, TransientFailure) and outcome.wait_seconds:
        pace.hold(connection, row.channel, now + timedelta(seconds=outcome.wait_seconds), now)
    current = attempts.reload(connection, row.id)
    if current.status != "sending" or current.attempt_id != each.attempt_id:
        return
    match outcome:
        case UnknownOutcome(code=code):
            connection.execute(
                update(message_table).where(message_table.c.id == row.id).values(status="unknown")
            )
            attempts.settle(connection, each.attempt_id, "unknown", None, code)
        case TransientFailure(code=code):
            delivery.refused(connection, services, current, code, "retry", now)
        case PermanentFailure(code=code, reaction=reaction):
            delivery.refused(connection, services, current, code, reaction, now)


def left(connection: Connection, row: AnyRow, attempt_id: int, sent: Sent, now: datetime) -> None:
    """The provider has this one."""
    standing = attempts.standing(connection, [row.id])
    _left(connection, standing, [Tried(row, attempt_id, sent)], now)


def _left(
    connection: Connection, standing: Mapping[int, AnyRow], calls: Sequence[Tried], now: datetime
) -> None:
    """A receipt may have moved a message further already; where it was given up for never sent and claimed
    anew, the newer attempt stands.
    """
    sent, taken = [], []
    for each in calls:
        stands = standing[each.row.id]
        open_still = stands.attempt_id == each.attempt_id and stands.outcome in ("sending", "unknown")
        if open_still and stands.status in ("sending", "unknown"):
            sent.append(each.row.id)
            taken.append(each)
        elif stands.attempt_id in (None, each.attempt_id):
            taken.append(each)
            if stands.attempt_id is None and stands.status == "queued":
                sent.append(each.row.id)
    if sent:
        connection.execute(_SENT, {"messages": sent})
    answers = [(each.attempt_id, each.outcome) for each in taken if isinstance(each.outcome, Sent)]
    attempts.taken(connection, answers, now)
    record_left(connection, [each.row for each in calls], standing, now)


def record_left(
    connection: Connection, rows: Iterable[AnyRow], standing: Mapping[int, AnyRow], now: datetime
) -> None:
    """The ledger's `contact.sent`, once whoever says so first; an answer after this is a
    `contact.replied`. `standing` has the `sent_at` of each: the chain keeps the hour.
    """
    unasked = [row for row in rows if row.purpose != "reply"]
    if unasked:
        conversations = sorted({row.conversation_id for row in unasked})
        connection.execute(_CONTACTED, {"conversations": conversations, "now": now})
        left_at = {row.id: standing[row.id].sent_at or now for row in unasked}
        record_contacts(connection, unasked, "sent", now, delivery.SYSTEM, left_at)
