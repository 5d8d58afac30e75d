"""Who needs a person, by urgency and then by how long they wait; who has which."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from bot.handoff import NEEDS_SOMEONE
from models import Agent, Borrower, ContactPoint, Conversation, Message, Task
from models.base import AnyRow

_C, _B, _P, _M, _A, _T = (m.__table__ for m in (Conversation, Borrower, ContactPoint, Message, Agent, Task))
MOST = 200
_N, _H = _M.alias("newest"), _M.alias("heard")
_proved = select(_B.c.name).where(_B.c.id == _C.c.borrower_id).scalar_subquery()
_reached = select(_B.c.name).join(_P, _P.c.borrower_id == _B.c.id).where(_P.c.conversation_id == _C.c.id).order_by(_P.c.id).limit(1).scalar_subquery()
_newest_in = select(_N.c.id).where(_N.c.conversation_id == _C.c.id, _N.c.direction == "in").order_by(_N.c.id.desc()).limit(1).scalar_subquery()
_answered = select(_M.c.id).where(_M.c.conversation_id == _C.c.id, _M.c.id > _H.c.id, _M.c.author == "agent").exists()
WAITING = (
    select(
        _C.c.id, _C.c.key, _C.c.version, _C.c.handler, _C.c.agent_id, _C.c.queue_reason, _C.c.urgency, _C.c.queued_at, _A.c.name.label("agent"),
        func.coalesce(_proved, _reached).label("name"), _H.c.id.label("heard_id"), _H.c.body, _H.c.media, _H.c.created_at.label("heard_at"), _answered.label("answered"),
    )
    .select_from(_C.outerjoin(_H, _H.c.id == _newest_in).outerjoin(_A, _A.c.id == _C.c.agent_id))
    .where(NEEDS_SOMEONE)
    .order_by(_C.c.urgency.desc(), _C.c.queued_at)
    .limit(MOST)
)  # fmt: skip
OPEN_TASKS = select(func.count()).select_from(_T).where(_T.c.done_at.is_(None))


@dataclass(frozen=True, slots=True)
class Board:
    waiting: Sequence[AnyRow]
    mine: Sequence[AnyRow]
    others: Sequence[AnyRow]
    tasks: int

    @property
    def version(self) -> tuple[object, ...]:
        rows = (*self.waiting, *self.mine, *self.others)
        return (self.tasks, *((row.id, row.version, row.handler, row.agent_id, row.urgency, row.heard_id, row.answered) for row in rows))


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
