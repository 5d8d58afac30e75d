"""Automatic release: a conversation that its agent has left unanswered for hours goes back to the bot, and a person is told."""

from datetime import datetime, timedelta

from sqlalchemy import insert, select

from bot.handoff.owner import NEEDS_SOMEONE, ask_again, record, to_the_bot
from bot.services import Services
from models import Conversation, Message, Task, reading, writing
from models.base import AnyRow

_C, _M, _T = Conversation.__table__, Message.__table__, Task.__table__
BATCH = 50


def release_silent(services: Services) -> int:
    """How many were released. The owner and the version that were seen must still be there: an answer meanwhile keeps it."""
    now = services.clock.now()
    since = now - timedelta(hours=services.lender.policy.agent_silence_hours)
    spoke = select(_M.c.id).where(_M.c.conversation_id == _C.c.id, _M.c.author == "agent", _M.c.created_at > since).exists()
    silent = select(_C.c.id, _C.c.agent_id, _C.c.version).where(NEEDS_SOMEONE, _C.c.handler == "agent", _C.c.queued_at <= since, ~spoke).limit(BATCH)
    with reading(services.engine) as connection:
        rows = connection.execute(silent).all()
    return sum(_release(services, row, now) for row in rows)


def _release(services: Services, seen: AnyRow, now: datetime) -> bool:
    with writing(services.engine) as connection:
        same = (_C.c.handler == "agent") & (_C.c.agent_id == seen.agent_id) & (_C.c.version == seen.version)
        if (head := to_the_bot(connection, seen.id, same)) is None:
            return False
        record(connection, seen.id, "handoff.released", "system:silence", now, outcome="silence", agent=seen.agent_id)
        ask_again(connection, services, head, now)
        task = {"kind": "agent_silent", "conversation_id": seen.id, "data": {"agent": seen.agent_id}, "created_at": now}
        connection.execute(insert(_T), task)
    return True
