"""Who is at the desk, and who looks at a conversation or writes there, as open pages report it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from bot.services import Services
from models import agent_table, presence_table, write_tx
from models.base import AnyRow
from models.desk import NO_CONVERSATION
from models.upsert import insert_new

STAYS = timedelta(seconds=50)
"""A page reports itself every 20 seconds; one that is silent for longer is gone."""


def arrive(services: Services, agent_id: int, conversation_id: int | None, *, typing: bool = False) -> None:
    """The agent's page is open, at a conversation or elsewhere, and perhaps written in."""
    row = {
        "agent_id": agent_id,
        "conversation_id": conversation_id or NO_CONVERSATION,
        "typing": typing,
        "seen_at": services.clock.now(),
    }
    known = update(presence_table).where(
        presence_table.c.agent_id == agent_id,
        presence_table.c.conversation_id == row["conversation_id"],
    )
    with write_tx(services.engine) as connection:
        if not connection.execute(known.values(typing=typing, seen_at=row["seen_at"])).rowcount:
            connection.execute(insert_new(connection, presence_table, ("agent_id", "conversation_id")), row)


def leave(services: Services, agent_id: int, conversation_id: int | None) -> None:
    row = presence_table.c
    with write_tx(services.engine) as connection:
        connection.execute(
            delete(presence_table).where(
                row.agent_id == agent_id, row.conversation_id == (conversation_id or NO_CONVERSATION)
            )
        )


def colleagues_at(
    connection: Connection, conversation_id: int, agent_id: int, now: datetime
) -> Sequence[AnyRow]:
    """`name, email, typing` of the others who have the conversation open."""
    row = presence_table.c
    return connection.execute(
        select(agent_table.c.name, agent_table.c.email, row.typing)
        .join(agent_table, agent_table.c.id == row.agent_id)
        .where(row.conversation_id == conversation_id, row.agent_id != agent_id, row.seen_at > now - STAYS)
        .order_by(row.typing.desc(), agent_table.c.name)
    ).all()


def is_at_the_desk(now: datetime) -> ColumnElement[bool]:
    """Of an agent: whether a page of theirs is open."""
    row = presence_table.c
    return (
        select(row.agent_id).where(and_(row.agent_id == agent_table.c.id, row.seen_at > now - STAYS)).exists()
    )
