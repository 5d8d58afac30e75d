"""Conversations that wait are given to agents who are at the desk and have room for one more: the most urgent
first, each to whoever has the fewest. Agents without a capacity take theirs by hand.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Integer, Values, column, func, or_, select, update, values

from bot.handoff.owner import HELD, QUEUED, record_each
from bot.handoff.presence import is_at_the_desk
from bot.handoff.snooze import is_snoozed
from bot.services import Services
from models import agent_table, conversation_table, read_tx, write_tx
from models.base import AnyRow, BigInt

BATCH = 500
"""Given in one run, within a second: more than teams have room for at once."""
AT_ONCE = 100
"""Given in one transaction: what is written in these conversations meanwhile waits for its end."""
GIVEN_TO = ("agent", "supervisor")
Given = tuple[int, int, int]
"""Of a conversation its id and its version, and the agent."""


def assign_waiting(services: Services) -> int:
    """How many were given."""
    now = services.clock.now()
    with read_tx(services.engine) as connection:
        free = _free(connection, now, services.settings.timezone)
        room = {row.id: row.capacity - row.held for row in free}
        waiting = _waiting(connection, now, sum(room.values())) if room else ()
    given = list[Given]()
    for row in waiting:
        agent = max(room, key=lambda each: room[each])
        room[agent] -= 1
        given.append((row.id, row.version, agent))
    parts = (given[start : start + AT_ONCE] for start in range(0, len(given), AT_ONCE))
    return sum(give(services, part, now) for part in parts)


def _free(connection: Connection, now: datetime, zone: str) -> Sequence[AnyRow]:
    """`id, capacity, held` of those who could take one more."""
    agent, hour = agent_table.c, now.astimezone(ZoneInfo(zone)).strftime("%H:%M")
    theirs = conversation_table.c.agent_id == agent.id
    held = func.count(conversation_table.c.id)
    return connection.execute(
        select(agent.id, agent.capacity, held.label("held"))
        .select_from(agent_table.outerjoin(conversation_table, HELD & theirs & ~is_snoozed(now)))
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
        .where(QUEUED, ~is_snoozed(now))
        .order_by(row.urgency.desc(), row.queued_at, row.id)
        .limit(min(most, BATCH))
    ).all()


def give(services: Services, wanted: Sequence[Given], now: datetime) -> int:
    """How many were given, by one statement. One that somebody takes meanwhile, or that changes, stays as it
    is.
    """
    row, given = conversation_table.c, _given().data(wanted).cte("given")
    free = (row.id == given.c.id) & (row.version == given.c.version) & (row.handler == "queue")
    values = {"handler": "agent", "agent_id": given.c.agent, "queued_at": now, "snoozed_until": None}
    moved = update(conversation_table).where(free).values(version=row.version + 1, **values)
    with write_tx(services.engine) as connection:
        taken = connection.execute(moved.returning(row.id, row.agent_id)).all()
        facts = {row.id: {"agent": row.agent_id} for row in taken}
        record_each(connection, facts, "handoff.taken", "system:assignment", now)
    return len(taken)


def _given() -> Values:
    return values(column("id", BigInt), column("version", Integer), column("agent", BigInt), name="given")
