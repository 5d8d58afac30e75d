"""What has left for a person already, and how long WhatsApp's window stays open."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, or_, select, union_all

from models import agent_contact_table, message_table
from models.base import words

LEFT = ("sending", "sent", "delivered", "read", "unknown")
"""States of what has left, or may have."""
WINDOW = timedelta(hours=24) - timedelta(minutes=2)
"""WhatsApp's window, less a margin for the way."""
WEEK = timedelta(days=7)
LONGEST_WAIT = timedelta(days=31)
"""Of a message, from when it is written to when it leaves: it counts from then."""


def past_contacts(
    connection: Connection, borrower_id: int, conversation_id: int | None, now: datetime
) -> list[tuple[datetime, str]]:
    """When the contacts of the last seven days left, or will, and by which channel: to this person, or to the
    conversation while nobody was known there. Calls and visits of agents are among them.
    """
    theirs = or_(
        message_table.c.borrower_id == borrower_id,
        and_(message_table.c.borrower_id.is_(None), message_table.c.conversation_id == conversation_id),
    )
    left = func.coalesce(message_table.c.sent_at, message_table.c.created_at)
    query = select(left, message_table.c.channel).where(
        theirs,
        message_table.c.direction == "out",
        message_table.c.purpose == "contact",
        message_table.c.status.in_(words("queued", *LEFT)),
        message_table.c.created_at >= now - LONGEST_WAIT,
        left >= now - WEEK,
    )
    by_agents = select(agent_contact_table.c.at, agent_contact_table.c.channel).where(
        agent_contact_table.c.borrower_id == borrower_id, agent_contact_table.c.at >= now - WEEK
    )
    return [(at, channel) for at, channel in connection.execute(union_all(query, by_agents))]
