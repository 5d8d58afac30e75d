"""The agents' queues: each a query with an order of its own, read page by page from where the last one ended,
and counted by the database.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, func, or_, select

from bot.handoff import HELD, NEEDS_SOMEONE, QUEUED, is_snoozed
from models import (
    agent_name,
    agent_table,
    borrower_table,
    contact_point_table,
    conversation_table,
    message_table,
    task_table,
)
from models.base import AnyRow, BigInt, UtcDateTime
from models.contact_point import CHANNELS, WEB

PAGE, MOST_MINE = 50, 1000
MOST_COUNTED = 10_000
"""A queue that holds more is shown to hold more: nobody waits for all of a million to be counted."""
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
ROWS = select(
    conversation_table.c.id,
    conversation_table.c.key,
    conversation_table.c.version,
    conversation_table.c.handler,
    conversation_table.c.agent_id,
    conversation_table.c.queue_reason,
    conversation_table.c.urgency,
    conversation_table.c.queued_at,
    conversation_table.c.snoozed_until,
    conversation_table.c.released_at,
    conversation_table.c.last_in_at.label("last_in_at"),
    agent_name.label("agent"),
    func.coalesce(_proved, _reached).label("name"),
    _last_in.c.id.label("last_in_id"),
    _last_in.c.body,
    _last_in.c.media,
    _answered.label("answered"),
).select_from(
    conversation_table.outerjoin(_last_in, _last_in.c.id == _newest_in).outerjoin(
        agent_table, agent_table.c.id == conversation_table.c.agent_id
    )
)


@dataclass(frozen=True, slots=True)
class Queue:
    where: tuple[ColumnElement[bool], ...]
    order: tuple[tuple[ColumnElement[Any], bool], ...]
    """`(column, whether the greatest comes first)`; the last one is unique."""


@dataclass(frozen=True, slots=True)
class Section:
    """What is shown of a queue: its page, how many there are, where the next page begins."""

    name: str
    rows: Sequence[AnyRow]
    count: int
    after: str | None

    @property
    def counted(self) -> str:
        return str(self.count) if self.count <= MOST_COUNTED else f"{MOST_COUNTED}+"


@cache
def queue(name: str) -> Queue:
    """One of `NAMES`, or the conversations of `others`; for the agent and at the moment of its parameters
    `me` and `now`. Made once: a page that polls would spend most of its time on making it.
    """
    me, now = bindparam("me", type_=BigInt), bindparam("now", type_=UtcDateTime)
    id_, at = (conversation_table.c.id, False), conversation_table.c
    awake = ~is_snoozed(now)
    queues = {
        "needs": Queue((QUEUED, awake), ((at.urgency, True), (at.queued_at, False), id_)),
        "mine": Queue((HELD, at.agent_id == me, awake), ((at.queued_at, False), id_)),
        "others": Queue((HELD, at.agent_id != me), ((at.queued_at, False), id_)),
        "all": Queue((at.last_in_at.is_not(None),), ((at.last_in_at, True), (at.id, True))),
        "snoozed": Queue((NEEDS_SOMEONE, is_snoozed(now)), ((at.snoozed_until, False), id_)),
        "closed": Queue(
            (at.released_at.is_not(None), at.handler == "bot"), ((at.released_at, True), (at.id, True))
        ),
    }
    return queues[name]


NAMES = ("needs", "mine", "all", "snoozed", "closed")
OPEN_TASKS = select(func.count()).select_from(task_table).where(task_table.c.done_at.is_(None))
COUNTED = ("needs", "mine", "others", "snoozed")
"""Those that are small by their nature."""


def filters(wanted: Mapping[str, str]) -> list[ColumnElement[bool]]:
    """By channel, urgency at least, reason: what is not known filters nothing."""
    found: list[ColumnElement[bool]] = []
    if wanted.get("channel") in (*CHANNELS, WEB):
        found.append(conversation_table.c.channel == wanted["channel"])
    if wanted.get("urgency") in ("1", "2", "3"):
        found.append(conversation_table.c.urgency >= int(wanted["urgency"]))
    if reason := wanted.get("reason"):
        found.append(conversation_table.c.queue_reason == reason[:40])
    return found


def page_of(found: Queue, wanted: Mapping[str, str], after: str = "", most: int = PAGE) -> Select[Any]:
    """The rows of a page, and one more where there is another page. What is written there is read for these
    alone, not for all whom the queue holds.
    """
    asked = select(conversation_table.c.id).where(*found.where, *filters(wanted))
    if values := _decoded(after, len(found.order)):
        asked = asked.where(_beyond(found.order, values))
    order = [column.desc() if greatest else column.asc() for column, greatest in found.order]
    here = asked.order_by(*order).limit(most + 1).correlate(None)
    return ROWS.where(conversation_table.c.id.in_(here)).order_by(*order)


def count_of(found: Queue, wanted: Mapping[str, str]) -> Select[Any]:
    """In the queue's order, so that an index is read from its end, and no further than `MOST_COUNTED`."""
    first, greatest = found.order[0]
    several = (
        select(conversation_table.c.id)
        .where(*found.where, *filters(wanted))
        .order_by(first.desc() if greatest else first)
        .limit(MOST_COUNTED + 1)
    )
    return select(func.count()).select_from(several.subquery())


def read(
    connection: Connection,
    name: str,
    *,
    agent_id: int,
    now: datetime,
    wanted: Mapping[str, str],
    counts: Mapping[str, int],
    most: int = PAGE,
) -> Section:
    """`counts` are those of the small queues, which are not counted again."""
    found, whose, after = queue(name), {"me": agent_id, "now": now}, wanted.get("after", "")
    filtered = bool(filters(wanted))
    page = page_of(found, wanted, after, most) if filtered or after else _first_page(name, most)
    rows = connection.execute(page, whose).all()
    more = len(rows) > most
    if not (more or after):
        count = len(rows)
    elif filtered or name not in counts:
        count = connection.scalar(count_of(found, wanted), whose) or 0
    else:
        count = counts[name]
    return Section(name, rows[:most], count, _encoded(found, rows[most - 1]) if more else None)


def counts(connection: Connection, agent_id: int, now: datetime) -> dict[str, int]:
    """Of the queues that are small, and of `tasks`, in one statement over what needs someone."""
    row = connection.execute(_counts(), {"me": agent_id, "now": now}).one()
    return {name: getattr(row, name) for name in (*COUNTED, "tasks")}


@cache
def _first_page(name: str, most: int) -> Select[Any]:
    return page_of(queue(name), {}, "", most)


@cache
def _counts() -> Select[*tuple[Any, ...]]:
    cases = [func.count().filter(*queue(name).where).label(name) for name in COUNTED]
    tasks = OPEN_TASKS.scalar_subquery().label("tasks")
    return select(*cases, tasks).select_from(conversation_table).where(NEEDS_SOMEONE)


def _beyond(order: Sequence[tuple[ColumnElement[Any], bool]], values: Sequence[Any]) -> ColumnElement[bool]:
    """What comes after a row with these values, in an order that goes up in one column, down in another. The
    first column alone shows an index where to begin.
    """
    (first, greatest), ways = order[0], list[ColumnElement[bool]]()
    for place, (column, descends) in enumerate(order):
        before = [each == value for (each, _), value in zip(order[:place], values[:place], strict=True)]
        ways.append(and_(*before, column < values[place] if descends else column > values[place]))
    return and_(first <= values[0] if greatest else first >= values[0], or_(*ways))


def _encoded(found: Queue, row: AnyRow) -> str:
    values = [getattr(row, str(column.key)) for column, _ in found.order]
    return urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def _decoded(after: str, length: int) -> list[Any] | None:
    """Null for what no page of ours made."""
    try:
        values = orjson.loads(urlsafe_b64decode(after[:400] + "=" * (-len(after) % 4))) if after else None
        if not isinstance(values, list) or len(values) != length:
            return None
        made = [datetime.fromisoformat(value) if isinstance(value, str) else int(value) for value in values]
        return made if all(isinstance(v, datetime) or abs(v) < 2**63 for v in made) else None
    except (ValueError, TypeError):
        return None
