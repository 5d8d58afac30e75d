"""Who needs a person, by urgency and then by how long they wait; who has which."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.handoff import NEEDS_SOMEONE
from models import (
    agent_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    message_table,
    task_table,
)
from models.base import AnyRow

MOST = 200
_newest, _last_in = message_table.alias("newest"), message_table.alias("last_in")
_proved = (
    select(borrower_table.c.name)
    .where(borrower_table.c.id == conversation_table.c.borrower_id)
    .scalar_subquery()
)
_reached = (
    select(borrower_table.c.name)
    .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
    .where(contact_point_table.c.conversation_id == conversation_table.c.id)
    .order_by(contact_point_table.c.id)
    .limit(1)
    .scalar_subquery()
)
_newest_in = (
    select(_newest.c.id)
    .where(_newest.c.conversation_id == conversation_table.c.id, _newest.c.direction == "in")
    .order_by(_newest.c.id.desc())
    .limit(1)
    .scalar_subquery()
)
_answered = (
    select(message_table.c.id)
    .where(
        message_table.c.conversation_id == conversation_table.c.id,
        message_table.c.id > _last_in.c.id,
        message_table.c.author == "agent",
    )
    .exists()
)
WAITING = (
    select(
        conversation_table.c.id,
        conversation_table.c.key,
        conversation_table.c.version,
        conversation_table.c.handler,
        conversation_table.c.agent_id,
        conversation_table.c.queue_reason,
        conversation_table.c.urgency,
        conversation_table.c.queued_at,
        agent_table.c.name.label("agent"),
        func.coalesce(_proved, _reached).label("name"),
        _last_in.c.id.label("last_in_id"),
        _last_in.c.body,
        _last_in.c.media,
        _last_in.c.created_at.label("last_in_at"),
        _answered.label("answered"),
    )
    .select_from(
        conversation_table.outerjoin(_last_in, _last_in.c.id == _newest_in).outerjoin(
            agent_table, agent_table.c.id == conversation_table.c.agent_id
        )
    )
    .where(NEEDS_SOMEONE)
    .order_by(conversation_table.c.urgency.desc(), conversation_table.c.queued_at)
    .limit(MOST)
)
OPEN_TASKS = select(func.count()).select_from(task_table).where(task_table.c.done_at.is_(None))


@dataclass(frozen=True, slots=True)
class Board:
    waiting: Sequence[AnyRow]
    mine: Sequence[AnyRow]
    others: Sequence[AnyRow]
    tasks: int

    @property
    def version(self) -> tuple[object, ...]:
        rows = (*self.waiting, *self.mine, *self.others)
        return (
            self.tasks,
            *(
                (row.id, row.version, row.handler, row.agent_id, row.urgency, row.last_in_id, row.answered)
                for row in rows
            ),
        )


def board(connection: Connection, agent: AnyRow) -> Board:
    """Of one's own, those come first whose last message is not answered."""
    rows = connection.execute(WAITING).all()
    mine = [row for row in rows if row.handler == "agent" and row.agent_id == agent.id]
    return Board(
        waiting=[row for row in rows if row.handler == "queue"],
        mine=sorted(mine, key=lambda row: bool(row.answered)),
        others=[row for row in rows if row.handler == "agent" and row.agent_id != agent.id],
        tasks=connection.scalar(OPEN_TASKS) or 0,
    )
