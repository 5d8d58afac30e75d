"""What is kept no longer than it is needed."""

from datetime import timedelta

from sqlalchemy import delete

from bot.clock import system_now
from bot.services import Services
from models import agent_session_table, idempotent_call_table, write_tx

ANSWERS_KEPT = timedelta(hours=24)
"""Answers to calls with an Idempotency-Key: no client retries for longer, and they hold personal data."""
SESSIONS_KEPT = timedelta(days=2)
"""Console sessions, longer than any may last."""


def prune(services: Services) -> int:
    """Deletes what is over its time; how many rows."""
    calls, sessions = idempotent_call_table, agent_session_table
    with write_tx(services.engine) as connection:
        return sum(
            connection.execute(statement).rowcount
            for statement in (
                delete(calls).where(calls.c.created_at < services.clock.now() - ANSWERS_KEPT),
                delete(sessions).where(sessions.c.began_at < system_now() - SESSIONS_KEPT),
            )
        )
