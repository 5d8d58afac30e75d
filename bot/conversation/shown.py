"""Whether words have left: what binds is agreed to in the very text that was sent."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, union_all

from bot.conversation.turn import Refused, Turn
from models import message_table
from models.base import word, words

SHOWN = ("sending", "sent", "delivered", "read", "unknown")
"""States of a message whose words have left, or may have."""
_SEARCHED = 200
_SENT = (
    select(message_table.c.id, message_table.c.body)
    .where(
        message_table.c.conversation_id == bindparam("conversation"),
        message_table.c.direction == word("out"),
        message_table.c.status.in_(words(*SHOWN)),
        message_table.c.created_at >= bindparam("since"),
    )
    .order_by(message_table.c.id.desc())
    .limit(_SEARCHED)
)


def message_with(turn: Turn, text: str, since: datetime) -> int:
    """The newest message in which exactly these words have left. Raises Refused where there is none."""
    for row in turn.connection.execute(_SENT, {"conversation": turn.view.id, "since": since}):
        if text in row.body:
            return int(row.id)
    raise Refused("terms_not_shown")


_OURS = (
    message_table.c.conversation_id == bindparam("conversation"),
    message_table.c.direction == word("out"),
)
_NEWEST = select(func.max(message_table.c.id)).where(*_OURS).scalar_subquery()
_HELD_BACK = select(message_table.c.id).where(
    *_OURS,
    message_table.c.status == word("queued"),
    message_table.c.purpose == word("reply"),
    message_table.c.not_before > bindparam("now"),
)
_FAILED = select(message_table.c.id).where(
    message_table.c.id == _NEWEST, message_table.c.status == word("failed")
)
_NOT_READ = union_all(_HELD_BACK, _FAILED).limit(1)


def require_question_left(turn: Turn) -> None:
    """A yes binds nobody to a question that still waits to leave, or failed to: it was written before anybody
    read that. Raises Refused.
    """
    found = turn.connection.scalar(_NOT_READ, {"conversation": turn.view.id, "now": turn.now})
    if found is not None and found not in turn.queued:
        raise Refused("question_not_shown")
