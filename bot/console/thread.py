"""What was said and done in one conversation, oldest first, in one line of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Select, func, select

from models import Agent, ContactPoint, Conversation, LedgerEntry, Loan, Message, Task
from models.base import AnyRow

_C, _M, _T, _A, _P, _L, _E = (m.__table__ for m in (Conversation, Message, Task, Agent, ContactPoint, Loan, LedgerEntry))
NEWEST, ALL = 80, 2000
MARKS = ("handoff.requested", "handoff.taken", "handoff.released", "identity.confirmed", "promise.made", "optout.recorded")


@dataclass(frozen=True, slots=True)
class Item:
    kind: Literal["day", "message", "note", "mark"]
    at: datetime
    row: AnyRow | None = None
    by: str = ""


def head(connection: Connection, conversation_id: int) -> AnyRow | None:
    query = select(_C, _A.c.name.label("agent"), _A.c.email.label("agent_email")).outerjoin(_A, _A.c.id == _C.c.agent_id)
    return connection.execute(query.where(_C.c.id == conversation_id)).first()


def version(connection: Connection, conversation_id: int) -> tuple[Any, ...]:
    """Changes whenever the thread does: a message, its fate, a note, a fact in the ledger, the owner."""
    newest = select(_M.c.id, _M.c.status).where(_M.c.conversation_id == conversation_id).order_by(_M.c.id.desc()).limit(NEWEST)
    people = select(_P.c.borrower_id).where(_P.c.conversation_id == conversation_id)
    facts = select(func.sum(_L.c.ledger_seq)).where(_L.c.borrower_id.in_(people))
    notes = select(func.max(_T.c.id), func.count(_T.c.done_at)).where(_T.c.conversation_id == conversation_id)
    owner = select(_C.c.version).where(_C.c.id == conversation_id)
    fates = tuple(tuple(row) for row in connection.execute(newest))
    return (fates, connection.scalar(facts), tuple(connection.execute(notes).one()), connection.scalar(owner))


def timeline(connection: Connection, conversation_id: int, zone: ZoneInfo, most: int = NEWEST) -> tuple[list[Item], bool]:
    """The items, and whether there are older ones."""
    query = select(_M, _A.c.name.label("agent")).outerjoin(_A, _A.c.id == _M.c.agent_id).where(_M.c.conversation_id == conversation_id)
    messages = connection.execute(query.order_by(_M.c.id.desc()).limit(most + 1)).all()
    older = len(messages) > most
    since = messages[-1].created_at if older else None
    names = dict(connection.execute(select(_A.c.id, _A.c.name)).all())
    items = [Item("message", row.created_at, row, row.agent or "") for row in reversed(messages[:most])]
    items += [Item("note", row.created_at, row, names.get(row.data.get("agent"), "")) for row in connection.execute(notes(conversation_id))]
    caused = {row.id: row.created_at for row in messages}
    for row in _marks(connection, conversation_id):  # after the message that caused it, whose reading took a moment
        items.append(Item("mark", max(row.at, caused.get(row.data.get("message"), row.at)), row, _actor(row.actor, names)))
    kept = sorted((item for item in items if since is None or item.at > since), key=lambda item: item.at)
    return list(_with_days(kept, zone)), older


def notes(conversation_id: int) -> Select[Any]:
    query = select(_T).where(_T.c.conversation_id == conversation_id, _T.c.kind.in_(("note", "follow_up")))
    return query.order_by(_T.c.id.desc()).limit(NEWEST)


def _marks(connection: Connection, conversation_id: int) -> Sequence[AnyRow]:
    """Of the first loan alone: a fact about a person is written to each."""
    first = select(func.min(_L.c.id)).join(_P, _P.c.borrower_id == _L.c.borrower_id).where(_P.c.conversation_id == conversation_id)
    loan = connection.scalar(first)
    return connection.execute(select(_E).where(_E.c.loan_id == loan, _E.c.kind.in_(MARKS)).order_by(_E.c.seq.desc()).limit(NEWEST)).all()


def _actor(actor: str, names: dict[int, str]) -> str:
    kind, _, number = actor.partition(":")
    return names.get(int(number), "") if kind == "agent" and number.isdecimal() else ""


def _with_days(items: Sequence[Item], zone: ZoneInfo) -> Iterator[Item]:
    today: date | None = None
    for item in items:
        if (its := item.at.astimezone(zone).date()) != today:
            today = its
            yield Item("day", item.at)
        yield item
