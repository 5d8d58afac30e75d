"""Where a conversation is answered, with the borrower's own page as one of its channels: who wrote there a
moment ago reads there; once the page is closed, they are reached where they wrote before.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, case, select

from models import contact_point_table, message_table
from models.base import AnyRow, words
from models.contact_point import WEB

OPEN = timedelta(minutes=30)
"""As long as a session of the page."""


@dataclass(frozen=True, slots=True)
class Destination:
    channel: str
    address: str
    sender: str | None
    last_in_at: datetime | None
    """When the borrower last wrote by that channel."""


def page_is_open(channel: str, last_in_at: datetime | None, now: datetime) -> bool:
    """Of a conversation: whether its borrower is on their page, as far as we know."""
    return channel == WEB and last_in_at is not None and now - last_in_at < OPEN


def destination_of(connection: Connection, head: AnyRow, now: datetime) -> Destination:
    """Where an answer to the conversation `head` goes."""
    here = Destination(head.channel, head.address, head.sender, head.last_in_at)
    if head.channel != WEB or page_is_open(head.channel, head.last_in_at, now):
        return here
    written = message_table.c
    before = (
        select(written.channel, written.address, written.sender, written.created_at)
        .where(written.conversation_id == head.id, written.direction == "in", written.channel != WEB)
        .order_by(written.id.desc())
        .limit(1)
    )
    if (found := connection.execute(before).first()) is not None:
        return Destination(*found)
    point = contact_point_table.c
    usable = case((point.status.in_(words("unverified", "confirmed")), 0), else_=1)
    known = select(point.channel, point.address).where(point.conversation_id == head.id)
    reached = connection.execute(known.order_by(usable, point.id).limit(1)).first()
    return Destination(reached.channel, reached.address, None, None) if reached is not None else here
