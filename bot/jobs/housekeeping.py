"""What is kept no longer than it is needed."""

from datetime import timedelta

from sqlalchemy import delete, func, select

from bot.clock import system_now
from bot.services import Services
from models import (
    agent_session_table,
    desk_change_table,
    idempotent_call_table,
    message_file_table,
    presence_table,
    write_tx,
)

ANSWERS_KEPT = timedelta(hours=24)
"""Answers to calls with an Idempotency-Key: no client retries for longer, and they hold personal data."""
SESSIONS_KEPT = timedelta(days=2)
"""Console sessions, longer than any may last."""
PRESENCE_KEPT = timedelta(hours=1)
CHOSEN_KEPT = timedelta(days=1)
"""A file that an agent chose and did not send."""
CHANGES_KEPT = 10_000
"""Newest reports of what changed: an open page has had them within a second."""


def prune(services: Services) -> int:
    """Deletes what is over its time; how many rows."""
    calls, sessions, files = idempotent_call_table, agent_session_table, message_file_table
    now = services.clock.now()
    newest = select(func.coalesce(func.max(desk_change_table.c.id), 0)).scalar_subquery()
    with write_tx(services.engine) as connection:
        return sum(
            connection.execute(statement).rowcount
            for statement in (
                delete(calls).where(calls.c.created_at < now - ANSWERS_KEPT),
                delete(files).where(files.c.message_id.is_(None), files.c.created_at < now - CHOSEN_KEPT),
                delete(presence_table).where(presence_table.c.seen_at < now - PRESENCE_KEPT),
                delete(desk_change_table).where(desk_change_table.c.id <= newest - CHANGES_KEPT),
                delete(sessions).where(sessions.c.began_at < system_now() - SESSIONS_KEPT),
            )
        )
