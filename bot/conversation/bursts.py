"""Several quick messages get one answer: an answer waits a moment, and one that still waits when the next
message is answered goes into that answer. Its question is dropped: the newer message was the reply to it, or
the question is asked again.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from bot.conversation.turn import Turn
from bot.wording import decode, encode
from flows.routing import AS_BEFORE
from flows.smalltalk.thanks import COURTESIES
from flows.types.effects import Say
from models import message_table
from models.base import AnyRow, word

LONGEST = 900
"""Characters of an answer that holds an earlier one: WhatsApp takes 1,024 with buttons."""
MOST_WAITS = 3
"""Of a longer burst an answer leaves after so many waits all the same."""

WAITING = (
    message_table.c.conversation_id == bindparam("conversation"),
    message_table.c.status == word("queued"),
    message_table.c.purpose == word("reply"),
    message_table.c.author == word("bot"),
    message_table.c.attempts == 0,
    message_table.c.not_before > bindparam("now"),
)
_WAITING = (
    select(message_table.c.id, message_table.c.wording, message_table.c.created_at)
    .where(*WAITING)
    .order_by(message_table.c.id)
)
_HELD_BACK = select(message_table.c.id).where(*WAITING, message_table.c.reason.is_(None))
_CHANGE = update(message_table).where(
    message_table.c.id == bindparam("message"), message_table.c.status == word("queued")
)
_WITHOUT_QUESTION = _CHANGE.values(wording=bindparam("shorter"), not_before=bindparam("at"))
_MERGED = _CHANGE.values(status=word("suppressed"), reason=word("merged"))


def with_waiting(turn: Turn, say: Say) -> tuple[dict[str, Any], datetime]:
    """The message as kept, with what still waited to leave, and when it leaves."""
    wait = timedelta(seconds=turn.services.settings.reply_wait_seconds)
    if turn.message_id is None or say.purpose != "reply" or not wait:
        return encode(say), turn.now
    quick = turn.view.last_in_at is not None and turn.now - turn.view.last_in_at <= wait
    waiting = _waiting(turn) if quick and not turn.queued else []
    leaves_at = turn.now if turn.urgent else turn.now + wait
    since = turn.now
    if waiting:
        since = _since(waiting[0])
        leaves_at = min(leaves_at, since + MOST_WAITS * wait)
    if waiting:  # nobody has read what would be repeated
        say = replace(say, lines=tuple(line for line in say.lines if line[0] not in AS_BEFORE))
    for row in reversed(waiting):
        say = _merge(turn, row, say, leaves_at)
    wording = encode(say) | ({"since": since.isoformat()} if waiting else {})
    return wording, max(leaves_at, turn.now)


def held_back(connection: Connection, conversation_id: int, now: datetime) -> Sequence[int]:
    """Ids of the answers that wait for the borrower's next message: they may yet change, and nobody has read
    what they ask.
    """
    return connection.scalars(_HELD_BACK, {"conversation": conversation_id, "now": now}).all()


def _waiting(turn: Turn) -> list[AnyRow]:
    return list(turn.connection.execute(_WAITING, {"conversation": turn.view.id, "now": turn.now}))


def _since(row: AnyRow) -> datetime:
    """When the first of the answers that this one holds was given."""
    since = row.wording.get("since")
    return datetime.fromisoformat(since) if since else row.created_at


def _merge(turn: Turn, row: AnyRow, say: Say, leaves_at: datetime) -> Say:
    """The message with an earlier one in front of it, but for courtesies; where that does not fit, that
    goes before it by itself. Once somebody else writes, what was meant for the borrower is dropped.
    """
    earlier = decode(row.wording)
    lines = earlier.lines[: len(earlier.lines) - earlier.question]
    lines = tuple(line for line in lines if line[0] not in COURTESIES and line not in say.lines)
    lines = () if turn.proof_ended else lines
    whole = replace(say, lines=(*lines, *say.lines))
    if lines and (say.alone or earlier.alone or _length(turn, whole) > LONGEST):
        shorter: dict[str, Any] = encode(replace(earlier, lines=lines, choices=(), question=0))
        turn.connection.execute(_WITHOUT_QUESTION, {"message": row.id, "shorter": shorter, "at": leaves_at})
        return say
    done = turn.connection.execute(_MERGED, {"message": row.id})
    return whole if done.rowcount else say


def _length(turn: Turn, say: Say) -> int:
    return len(turn.services.wording.render(say, say.language).text)
