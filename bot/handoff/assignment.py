"""Conversations that wait are given to agents who are at the desk and have room for one more: the most urgent
first, each to whoever has the fewest. Agents without a capacity take theirs by hand.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, or_, select

from bot.handoff.owner import NEEDS_SOMEONE, move, record
from bot.handoff.presence import is_at_the_desk
from bot.handoff.snooze import is_snoozed
from bot.services import Services
from models import agent_table, conversation_table, read_tx, write_tx
from models.base import AnyRow

BATCH = 500
"""Given in one run, within a second: more than teams have room for at once."""
GIVEN_TO = ("agent", "supervisor")


def assign_waiting(services: Services) -> int:
    """How many were given. One that somebody takes meanwhile, or that changes, stays as it is."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        free = _free(connection, now, services.settings.timezone)
        room = {row.id: row.capacity - row.held for row in free}
        waiting = _waiting(connection, now, sum(room.values())) if room else ()
    given = 0
    for row in waiting:
        agent = max(room, key=lambda each: room[each])
        if room[agent] <= 0:
            break
        if _give(services, row, agent, now):
            room[agent] -= 1
            given += 1
    return given


def _free(connection: Connection, now: datetime, zone: str) -> Sequence[AnyRow]:
    """`id, capacity, held` of those who could take one more."""
    agent, hour = agent_table.c, now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    theirs = (conversation_table.c.handler == "agent") & (conversation_table.c.agent_id == agent.id)
    held = func.count(conversation_table.c.id)
    return connection.execute(
        select(agent.id, agent.capacity, held.label("held"))
        .select_from(agent_table.outerjoin(conversation_table, NEEDS_SOMEONE & theirs & ~is_snoozed(now)))
        .where(
            agent.disabled_at.is_(None),
            agent.role.in_(GIVEN_TO),
            agent.capacity.is_not(None),
            is_at_the_desk(now),
            or_(agent.works_from.is_(None), agent.works_from <= hour),
            or_(agent.works_until.is_(None), agent.works_until > hour),
        )
        .group_by(agent.id, agent.capacity)
        .having(held < agent.capacity)
        .order_by(agent.id)
    ).all()


def _waiting(connection: Connection, now: datetime, most: int) -> Sequence[AnyRow]:
    row = conversation_table.c
    return connection.execute(
        select(row.id, row.version)
        .where(NEEDS_SOMEONE, row.handler == "queue", ~is_snoozed(now))
        .order_by(row.urgency.desc(), row.queued_at, row.id)
        .limit(min(most, BATCH))
    ).all()


def _give(services: Services, seen: AnyRow, agent_id: int, now: datetime) -> bool:
    unchanged = (conversation_table.c.handler == "queue") & (conversation_table.c.version == seen.version)
    values = {"handler": "agent", "agent_id": agent_id, "queued_at": now, "snoozed_until": None}
    with write_tx(services.engine) as connection:
        if move(connection, seen.id, unchanged, values) is None:
            return False
        record(connection, seen.id, "handoff.taken", "system:assignment", now, agent=agent_id)
    return True
