"""One owner with a version: of two agents who take a conversation one gets it, and what the bot had
queued is suppressed at dispatch.
"""

import secrets
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, literal_column, select, update

from bot.compliance import NotBefore, load_rules, may_contact
from bot.conversation import left_unanswered
from bot.reach import WINDOW, NewEvent, contact_request, destination_of, enqueue_event
from bot.services import Services
from models import (
    agent_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    loan_table,
    write_tx,
)
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from models.loan import is_open as loan_is_open

OUTCOMES = (
    "answered",
    "will_pay",
    "plan_wanted",
    "debit_wanted",
    "call_back",
    "case_opened",
    "not_reached",
    "other",
)
"""What came of it, as the agent says when giving back; kept in the ledger by its code."""

NEEDS_SOMEONE: ColumnElement[bool] = literal_column("conversation.handler <> 'bot'")
QUEUED: ColumnElement[bool] = literal_column("conversation.handler = 'queue'")
HELD: ColumnElement[bool] = literal_column("conversation.handler = 'agent'")
"""Those that are not the bot's: in the queue, or an agent's. Literal, because a partial index is not found
through a bound parameter; and of no type, because a Boolean is written as `… = 1` for SQLite, which then
walks all conversations.
"""


class NotYours(Exception):
    """Somebody else has the conversation, or nobody does."""


def take(services: Services, conversation_id: int, agent_id: int, *, even_from_another: bool = False) -> bool:
    """Whether this agent has it now, as who asks twice does. `even_from_another` is a supervisor's right."""
    row = conversation_table.c
    mine = (row.id == conversation_id) & (row.handler == "agent") & (row.agent_id == agent_id)
    free = row.agent_id.is_distinct_from(agent_id) if even_from_another else row.handler != "agent"
    now = services.clock.now()
    values = {"handler": "agent", "agent_id": agent_id, "queued_at": now, "snoozed_until": None}
    with write_tx(services.engine) as connection:
        moved = move(connection, conversation_id, free, values)
        if moved is None:
            return connection.scalar(select(row.id).where(mine)) is not None
        record(connection, conversation_id, "handoff.taken", f"agent:{agent_id}", now)
    return True


class UnknownColleague(LookupError):
    def __init__(self, agent_id: int) -> None:
        super().__init__(f"no agent {agent_id} may answer: choose one who can log in and act")


ANSWERING = ("agent", "supervisor", "manager", "admin")
"""Roles that may have a conversation."""


def assign(
    services: Services, conversation_id: int, to: int, by: int, *, even_from_another: bool = False
) -> None:
    """To a colleague: one's own, or one that waits; with `even_from_another`, a supervisor's right, any.
    Nothing where the colleague has it already. Raises NotYours, UnknownColleague.
    """
    row, now = conversation_table.c, services.clock.now()
    theirs = (row.id == conversation_id) & (row.handler == "agent") & (row.agent_id == to)
    free = (row.handler == "queue") | ((row.handler == "agent") & (row.agent_id == by))
    able = agent_table.c.disabled_at.is_(None) & agent_table.c.role.in_(ANSWERING)
    values = {"handler": "agent", "agent_id": to, "queued_at": now, "snoozed_until": None}
    with write_tx(services.engine) as connection:
        if connection.scalar(select(agent_table.c.id).where(agent_table.c.id == to, able)) is None:
            raise UnknownColleague(to)
        if connection.scalar(select(row.id).where(theirs)) is not None:
            return
        allowed = row.handler != "bot" if even_from_another else free
        if move(connection, conversation_id, allowed, values) is None:
            raise NotYours
        record(connection, conversation_id, "handoff.taken", f"agent:{by}", now, agent=to)


def give_back(
    services: Services,
    conversation_id: int,
    agent_id: int,
    outcome: str = "answered",
    *,
    silently: bool = False,
) -> None:
    """Back to the bot, which answers what was left unanswered, or else asks again where it stood. `silently`:
    what was left is settled, and the bot waits for the borrower. Nothing where this agent gave it back and
    nobody has taken it since. Raises NotYours.
    """
    row, now = conversation_table.c, services.clock.now()
    done = (row.id == conversation_id) & (row.handler != "agent") & (row.released_by == agent_id)
    with write_tx(services.engine) as connection:
        if connection.scalar(select(row.id).where(done)) is not None:
            return
        mine = (row.handler == "agent") & (row.agent_id == agent_id)
        if (head := to_the_bot(connection, conversation_id, mine, now, by=agent_id)) is None:
            raise NotYours
        record(connection, conversation_id, "handoff.released", f"agent:{agent_id}", now, outcome=outcome)
        if not silently:
            ask_again(connection, services, head, now)


def hand_to_the_bot(
    connection: Connection,
    conversation_id: int,
    agent_id: int,
    now: datetime,
    outcome: str = "plan_wanted",
    asked_by: int | None = None,
) -> AnyRow:
    """To the bot, from the queue, from this agent or from who asked for it, without asking again:
    something is asked anew. The conversation as it is then. Raises NotYours.
    """
    row = conversation_table.c
    free = (row.handler != "agent") | row.agent_id.in_([agent_id, asked_by or agent_id])
    if (head := to_the_bot(connection, conversation_id, free, now, by=agent_id)) is None:
        raise NotYours
    record(connection, conversation_id, "handoff.released", f"agent:{agent_id}", now, outcome=outcome)
    return head


def move(
    connection: Connection, conversation_id: int, where: ColumnElement[bool], values: dict[str, Any]
) -> AnyRow | None:
    """The conversation as it is now, if it was as expected; null otherwise."""
    moved = (
        update(conversation_table)
        .where(conversation_table.c.id == conversation_id, where)
        .values(version=conversation_table.c.version + 1, **values)
    )
    return connection.execute(moved.returning(conversation_table)).first()


def to_the_bot(
    connection: Connection,
    conversation_id: int,
    where: ColumnElement[bool],
    now: datetime,
    by: int | None = None,
) -> AnyRow | None:
    """Of an agent `by` whose act it is given back; null: of none."""
    values = {
        "handler": "bot",
        "agent_id": None,
        "queue_reason": None,
        "urgency": 0,
        "queued_at": None,
        "snoozed_until": None,
        "released_at": now,
        "released_by": by,
    }
    return move(connection, conversation_id, where, values)


def record(
    connection: Connection, conversation_id: int, kind: str, actor: str, now: datetime, **data: Any
) -> None:
    """The same fact to each open loan of everyone reached here; an unknown sender has none."""
    record_each(connection, {conversation_id: data}, kind, actor, now)


def record_each(
    connection: Connection, data: Mapping[int, Mapping[str, Any]], kind: str, actor: str, now: datetime
) -> None:
    """`record` for many: `data` by conversation."""
    here = contact_point_table.c
    loans = (
        select(loan_table.c.id, here.conversation_id)
        .join(contact_point_table, here.borrower_id == loan_table.c.borrower_id)
        .where(here.conversation_id.in_(list(data)), loan_is_open())
        .distinct()
        .order_by(loan_table.c.id, here.conversation_id)
    )
    entries = defaultdict[int, list[NewEntry]](list)
    for loan, conversation in connection.execute(loans) if data else ():
        entry = NewEntry(kind, {"conversation": conversation, **data[conversation]}, actor)
        entries[loan].append(entry)
    if entries:
        append_many(connection, entries, now)


def ask_again(connection: Connection, services: Services, head: AnyRow, now: datetime) -> None:
    """Queues the release as an event for the bot: what was left unanswered is answered at once, a question is
    asked at a lawful hour, and only while it can still leave as it is worded.
    """
    home = (
        select(borrower_table.c.zone)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .where(contact_point_table.c.conversation_id == head.id, borrower_table.c.zone.is_not(None))
        .limit(1)
    )
    zone = connection.scalar(home)
    asked = contact_request(services, now, head.channel, "confirmation", zone=zone)
    hours = may_contact(asked, load_rules(services.lender.lender.contact_country))
    at = hours.at if isinstance(hours, NotBefore) and not left_unanswered(connection, head.id) else now
    where = destination_of(connection, head, at)
    if where.last_in_at is None or (where.channel == "whatsapp" and at >= where.last_in_at + WINDOW):
        return  # it is asked when the borrower writes next
    key = f"released:{head.id}:{secrets.token_hex(6)}"
    enqueue_event(connection, NewEvent("released", head.id, key, now, not_before=at))
