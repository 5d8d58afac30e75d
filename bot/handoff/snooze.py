"""A conversation that can wait: out of the queues until a moment, or until the borrower writes again."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, update

from bot.handoff.owner import NEEDS_SOMEONE, NotYours
from bot.services import Services
from models import conversation_table, write_tx

LONGEST = timedelta(days=30)
URGENT = 2
"""From here on nothing waits."""


class NotAMoment(ValueError):
    def __init__(self) -> None:
        super().__init__(f"a conversation is put off to a moment ahead, by {LONGEST.days} days at most")


class CannotWait(ValueError):
    def __init__(self) -> None:
        super().__init__("what is urgent is not put off")


def is_snoozed(now: "datetime | ColumnElement[datetime]") -> ColumnElement[bool]:
    """Whoever writes, or becomes urgent, is back at once."""
    row = conversation_table.c
    quiet = or_(row.last_in_at.is_(None), row.last_in_at <= row.snoozed_at)
    return (row.snoozed_until.is_not(None)) & (row.snoozed_until > now) & quiet & (row.urgency < URGENT)


def snooze(
    services: Services, conversation_id: int, agent_id: int, until: datetime, *, even_anothers: bool = False
) -> None:
    """A moment that is past wakes it. Raises NotYours, NotAMoment, CannotWait."""
    now = services.clock.now()
    if until > now + LONGEST:
        raise NotAMoment
    row = conversation_table.c
    free = or_(row.handler == "queue", row.agent_id == agent_id)
    changed = (
        update(conversation_table)
        .where(row.id == conversation_id, NEEDS_SOMEONE, *([] if even_anothers else [free]))
        .values(snoozed_at=now, snoozed_until=until, version=row.version + 1)
        .returning(row.urgency)
    )
    with write_tx(services.engine) as connection:
        urgency = connection.scalar(changed)
        if urgency is None:
            raise NotYours
        if urgency >= URGENT:
            raise CannotWait
