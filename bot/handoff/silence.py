"""Automatic release: a conversation that its agent has left unanswered for hours goes back to the bot, and a
person is notified.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from bot.handoff.owner import HELD, ask_again, record, to_the_bot
from bot.handoff.snooze import is_snoozed
from bot.reach import NewTask, open_task
from bot.services import Services
from models import conversation_table, message_table, read_tx, write_tx
from models.base import AnyRow

BATCH = 50


def release_silent(services: Services) -> int:
    """How many were released. The owner and the version that were seen must still be there: an answer
    meanwhile keeps it.
    """
    now = services.clock.now()
    since = now - timedelta(hours=services.lender.policy.agent_silence_hours)
    spoke = (
        select(message_table.c.id)
        .where(
            message_table.c.conversation_id == conversation_table.c.id,
            message_table.c.author == "agent",
            message_table.c.created_at > since,
        )
        .exists()
    )
    silent = (
        select(conversation_table.c.id, conversation_table.c.agent_id, conversation_table.c.version)
        .where(
            HELD,
            conversation_table.c.queued_at <= since,
            ~spoke,
            ~is_snoozed(now),
        )
        .limit(BATCH)
    )
    with read_tx(services.engine) as connection:
        rows = connection.execute(silent).all()
    return sum(_release(services, row, now) for row in rows)


def _release(services: Services, seen: AnyRow, now: datetime) -> bool:
    with write_tx(services.engine) as connection:
        same = (
            (conversation_table.c.handler == "agent")
            & (conversation_table.c.agent_id == seen.agent_id)
            & (conversation_table.c.version == seen.version)
        )
        if (head := to_the_bot(connection, seen.id, same, now)) is None:
            return False
        record(
            connection,
            seen.id,
            "handoff.released",
            "system:silence",
            now,
            outcome="silence",
            agent=seen.agent_id,
        )
        ask_again(connection, services, head, now)
        open_task(
            connection,
            NewTask(
                "agent_silent",
                now,
                key=f"agent_silent:{seen.id}:{seen.version}",
                conversation_id=seen.id,
                data={"agent": seen.agent_id},
            ),
        )
    return True
