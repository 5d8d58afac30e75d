"""Messages, notes and facts of one conversation, oldest first, in one line of time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, func, select

from bot.console.agents.files import Shown, files_of
from models import (
    agent_name,
    agent_table,
    contact_point_table,
    conversation_table,
    ledger_entry_table,
    loan_table,
    message_file_table,
    message_table,
    task_table,
)
from models.base import AnyRow

NEWEST, MOST = 80, 2000
MARKS = (
    "handoff.requested",
    "handoff.taken",
    "handoff.released",
    "contact.recorded",
    "contact_point.closed",
    "identity.confirmed",
    "promise.made",
    "plan.agreed",
    "mandate.authorized",
    "payment.reported",
    "dispute.opened",
    "dispute.resolved",
    "complaint.opened",
    "complaint.resolved",
    "privacy.requested",
    "privacy.answered",
    "hardship.reported",
    "vulnerability.reported",
    "wrong_party.reported",
    "preference.recorded",
    "optout.recorded",
    "optin.recorded",
)


@dataclass(frozen=True, slots=True)
class Item:
    kind: Literal["day", "message", "note", "mark"]
    at: datetime
    row: AnyRow | None = None
    by: str = ""
    giver: str = ""
    """Who passed a conversation to another."""
    files: Sequence[Shown] = ()


def head(connection: Connection, conversation_id: int) -> AnyRow | None:
    query = select(conversation_table, agent_name.label("agent")).outerjoin(
        agent_table, agent_table.c.id == conversation_table.c.agent_id
    )
    return connection.execute(query.where(conversation_table.c.id == conversation_id)).first()


def version(connection: Connection, conversation_id: int) -> tuple[Any, ...]:
    """Changes whenever the thread does: a message, its delivery, a note, a fact in the ledger, the owner."""
    newest = (
        select(message_table.c.id, message_table.c.status)
        .where(message_table.c.conversation_id == conversation_id)
        .order_by(message_table.c.id.desc())
        .limit(NEWEST)
    )
    people = select(contact_point_table.c.borrower_id).where(
        contact_point_table.c.conversation_id == conversation_id
    )
    facts = select(func.sum(loan_table.c.ledger_seq)).where(loan_table.c.borrower_id.in_(people))
    notes = select(func.max(task_table.c.id), func.count(task_table.c.done_at)).where(
        task_table.c.conversation_id == conversation_id
    )
    files = select(
        func.max(message_file_table.c.id),
        func.count(message_file_table.c.content_type),
        func.count(message_file_table.c.fetch_at),
    ).where(message_file_table.c.conversation_id == conversation_id)
    owner = select(conversation_table.c.version).where(conversation_table.c.id == conversation_id)
    deliveries = tuple(tuple(row) for row in connection.execute(newest))
    return (
        deliveries,
        connection.scalar(facts),
        tuple(connection.execute(notes).one()),
        tuple(connection.execute(files).one()),
        connection.scalar(owner),
    )


def timeline(
    connection: Connection, conversation_id: int, zone: ZoneInfo, since: int | None = None
) -> tuple[list[Item], int | None, int | None]:
    """The items from the message `since`, or of the newest; the first message shown; the one from which
    another page of older ones begins, where there are any.
    """
    of_thread = message_table.c.conversation_id == conversation_id
    query = (
        select(message_table, agent_name.label("agent"))
        .outerjoin(agent_table, agent_table.c.id == message_table.c.agent_id)
        .where(of_thread, *([message_table.c.id >= since] if since else []))
    )
    messages = connection.execute(
        query.order_by(message_table.c.id.desc()).limit(MOST if since else NEWEST)
    ).all()
    first = messages[-1] if messages else None
    full = since is not None or len(messages) == NEWEST
    older = _page_before(connection, of_thread, first.id) if first is not None and full else None
    written, marks = connection.execute(notes(conversation_id)).all(), _marks(connection, conversation_id)
    agents = select(agent_table.c.id, agent_name)
    names = dict(connection.execute(agents).all()) if written or marks else {}
    files = files_of(connection, messages)
    items = [
        Item("message", row.created_at, row, row.agent or "", files=files.get(row.id, ()))
        for row in reversed(messages)
    ]
    items += [Item("note", row.created_at, row, names.get(row.data.get("agent"), "")) for row in written]
    caused = {row.id: row.created_at for row in messages}
    # after the message that caused it, whose reading took a moment
    for row in reversed(marks):
        at = max(row.at, caused.get(row.data.get("message"), row.at))
        by, acted = names.get(row.data.get("agent")), _actor(row.actor, names)
        items.append(Item("mark", at, row, by or acted, acted if by and by != acted else ""))
    begins = first.created_at if first is not None and older else None
    kept = sorted((item for item in items if begins is None or item.at >= begins), key=lambda item: item.at)
    return list(_with_days(kept, zone)), first.id if first is not None else None, older


def _page_before(connection: Connection, of_thread: ColumnElement[bool], first: int) -> int | None:
    page = (
        select(message_table.c.id)
        .where(of_thread, message_table.c.id < first)
        .order_by(message_table.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    found: int | None = connection.scalar(select(func.min(page.c.id)))
    return found


def notes(conversation_id: int) -> Select[Any]:
    query = select(task_table).where(
        task_table.c.conversation_id == conversation_id, task_table.c.kind.in_(("note", "follow_up"))
    )
    return query.order_by(task_table.c.id.desc()).limit(NEWEST)


def _marks(connection: Connection, conversation_id: int) -> Sequence[AnyRow]:
    """The newest first, once each: a fact about a person is written to each of their loans."""
    entry = ledger_entry_table.c
    loans = (
        select(loan_table.c.id)
        .join(contact_point_table, contact_point_table.c.borrower_id == loan_table.c.borrower_id)
        .where(contact_point_table.c.conversation_id == conversation_id)
    )
    found = connection.execute(
        select(ledger_entry_table)
        .where(entry.loan_id.in_(loans), entry.kind.in_(MARKS))
        .order_by(entry.at.desc(), entry.id.desc())
        .limit(NEWEST)
    )
    return list({(row.kind, row.at, str(row.data)): row for row in found}.values())


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
