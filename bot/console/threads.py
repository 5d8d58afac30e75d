"""What agents see and do: conversations that need someone, one thread, its owner."""

import secrets
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.conversation.upsert import insert_new
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, Event, Instalment, Loan, Message, Promise, Task, reading, writing
from models.base import AnyRow
from models.ledger import NewEntry, append_many

_C, _B, _P, _L, _M, _E, _T, _R, _I = (
    m.__table__ for m in (Conversation, Borrower, ContactPoint, Loan, Message, Event, Task, Promise, Instalment)
)  # fmt: skip
MOST_MESSAGES = 200
MOST_CHARACTERS = 1500


class NotYours(Exception):
    """Somebody else has the conversation, or nobody does."""


def waiting(services: Services) -> list[AnyRow]:
    """Those that need someone, the most urgent first, then the longest waiting; the agents' own after them."""
    name = select(_B.c.name).join(_P, _P.c.borrower_id == _B.c.id).where(_P.c.conversation_id == _C.c.id).order_by(_P.c.id).limit(1).scalar_subquery()
    last = select(_M.c.body).where(_M.c.conversation_id == _C.c.id).order_by(_M.c.id.desc()).limit(1).scalar_subquery()
    query = select(_C, name.label("name"), last.label("last")).where(_C.c.handler != "bot")
    with reading(services.engine) as connection:
        return list(connection.execute(query.order_by(_C.c.handler.desc(), _C.c.urgency.desc(), _C.c.queued_at).limit(200)))


def tasks(services: Services) -> list[AnyRow]:
    with reading(services.engine) as connection:
        return list(connection.execute(select(_T).where(_T.c.done_at.is_(None)).order_by(_T.c.created_at).limit(100)))


def thread(services: Services, conversation_id: int) -> dict[str, Any] | None:
    """The conversation, its messages (oldest first), and the loans of everyone reached at its address."""
    with reading(services.engine) as connection:
        head = connection.execute(select(_C).where(_C.c.id == conversation_id)).first()
        if head is None:
            return None
        messages = connection.execute(select(_M).where(_M.c.conversation_id == conversation_id).order_by(_M.c.id.desc()).limit(MOST_MESSAGES)).all()
        people = connection.execute(
            select(_B, _P.c.status.label("point"), _P.c.confirmed_at)
            .join(_P, _P.c.borrower_id == _B.c.id)
            .where(_P.c.conversation_id == conversation_id)
        ).all()
        loans = connection.execute(
            select(_L, _R.c.amount.label("promised"), _R.c.due_date.label("promised_on"))
            .outerjoin(_R, (_R.c.loan_id == _L.c.id) & (_R.c.status == "open"))
            .where(_L.c.borrower_id.in_([p.id for p in people]))
            .order_by(_L.c.overdue_since)
        ).all()
    return {"head": head, "messages": list(reversed(messages)), "people": people, "loans": loans}


def version_of(services: Services, conversation_id: int) -> str:
    """Changes whenever the thread does: the ETag of its polling."""
    with reading(services.engine) as connection:
        latest = select(func.max(_M.c.id), func.count(_M.c.id).filter(_M.c.status == "read"), func.count(_M.c.id).filter(_M.c.status == "sent"))
        last, read, sent = connection.execute(latest.where(_M.c.conversation_id == conversation_id)).one()
        version = connection.scalar(select(_C.c.version).where(_C.c.id == conversation_id))
    return f"{version}-{last}-{read}-{sent}"


def _loans_of(connection: Any, conversation_id: int) -> list[int]:
    people = select(_P.c.borrower_id).where(_P.c.conversation_id == conversation_id)
    return list(
        connection.scalars(select(_L.c.id).where(_L.c.borrower_id.in_(people), _L.c.status.not_in(("settled", "written_off"))).order_by(_L.c.id))
    )


def _move(services: Services, conversation_id: int, agent: AnyRow, where: Any, values: dict[str, Any], kind: str) -> bool:
    """One owner with a version: the update that finds it as expected wins."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        moved = update(_C).where(_C.c.id == conversation_id, where).values(version=_C.c.version + 1, **values)
        if connection.execute(moved).rowcount != 1:
            return False
        entry = NewEntry(kind, {"conversation": conversation_id}, f"agent:{agent.id}")
        if loans := _loans_of(connection, conversation_id):
            append_many(connection, {loan: [entry] for loan in loans}, now)
        if kind == "handoff.released":
            event = {"conversation_id": conversation_id, "kind": "released", "data": {}, "key": f"released:{conversation_id}:{secrets.token_hex(6)}",
                     "not_before": now, "attempts": 0, "created_at": now}  # fmt: skip
            connection.execute(insert_new(connection, _E, ("key",)), event)
    return True


def take(services: Services, conversation_id: int, agent: AnyRow) -> bool:
    """Whether this agent has it now: of two who take it, one gets it."""
    free = _C.c.handler != "agent"
    return _move(services, conversation_id, agent, free, {"handler": "agent", "agent_id": agent.id}, "handoff.taken")


def release(services: Services, conversation_id: int, agent: AnyRow) -> bool:
    """Back to the bot, which asks again where it stood."""
    mine = (_C.c.handler == "agent") & (_C.c.agent_id == agent.id)
    values = {"handler": "bot", "agent_id": None, "queue_reason": None, "urgency": 0, "queued_at": None}
    return _move(services, conversation_id, agent, mine, values, "handoff.released")


def reply(services: Services, conversation_id: int, agent: AnyRow, text: str) -> None:
    """The agent's words into the outbox, in the transaction that checks who owns it. Raises NotYours."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        mine = (_C.c.id == conversation_id) & (_C.c.handler == "agent") & (_C.c.agent_id == agent.id)
        head = connection.execute(update(_C).where(mine).values(version=_C.c.version + 1).returning(_C)).first()
        if head is None:
            raise NotYours
        row = {
            "conversation_id": conversation_id, "borrower_id": head.borrower_id, "direction": "out", "author": "agent", "agent_id": agent.id,
            "channel": head.channel, "address": head.address, "sender": head.sender, "status": "queued", "body": text[:MOST_CHARACTERS],
            "purpose": "reply", "owner_version": head.version, "not_before": now, "created_at": now, "attempts": 0,
        }  # fmt: skip
        connection.execute(insert(_M), row)


def finish_task(services: Services, task_id: int, agent: AnyRow) -> None:
    with writing(services.engine) as connection:
        connection.execute(
            update(_T).where(_T.c.id == task_id, _T.c.done_at.is_(None)).values(done_at=services.clock.now(), done_by=f"agent:{agent.id}")
        )
