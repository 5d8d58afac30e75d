"""What stands at the side of every page: the queue that was chosen, one's own conversations, the counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from flask import request
from sqlalchemy import Connection, bindparam, select

from bot.console.agents import queues
from bot.console.agents.queues import Section
from bot.web import services
from models import saved_view_table
from models.base import AnyRow

MOST_OTHERS = 20
_VIEWS = (
    select(saved_view_table)
    .where(saved_view_table.c.agent_id == bindparam("me"))
    .order_by(saved_view_table.c.name)
)
ASKED = ("queue", "channel", "urgency", "reason", "after")


@dataclass(frozen=True, slots=True)
class Board:
    counts: Mapping[str, int]
    sections: Sequence[Section] = ()
    queue: str = "needs"
    views: Sequence[AnyRow] = ()
    """Those that the agent has saved."""
    asked: Mapping[str, str] = field(default_factory=dict)
    """What the page's address says of the queue: to be kept in every link that stays with it."""

    @property
    def view(self) -> dict[str, str]:
        """As an agent would save it."""
        return {name: value for name, value in self.asked.items() if name != "after"}

    @property
    def waiting(self) -> int:
        return self.counts["needs"]

    @property
    def tasks(self) -> int:
        return self.counts["tasks"]

    @property
    def version(self) -> tuple[object, ...]:
        rows = (
            (row.id, row.version, row.handler, row.agent_id, row.urgency, row.last_in_id, row.answered)
            for section in self.sections
            for row in section.rows
        )
        views = tuple((view.id, view.name) for view in self.views)
        return (tuple(self.counts.values()), tuple(self.asked.items()), views, *rows)


def counted(connection: Connection, agent: AnyRow) -> Board:
    """For a page that shows the counts alone."""
    now = services().clock.now()
    return Board(queues.counts(connection, agent.id, now))


def board(connection: Connection, agent: AnyRow) -> Board:
    """The queue that the address asks for. With the first one stand one's own, above it and all of them."""
    now, asked = services().clock.now(), asked_for()
    name = asked.get("queue", "needs")
    found = counted(connection, agent)
    read = partial(queues.read, connection, agent_id=agent.id, now=now, counts=found.counts)
    sections = [_mine(read, {})] if name == "needs" else []
    sections.append(_mine(read, asked) if name == "mine" else read(name, wanted=asked))
    if name == "needs":
        sections.append(read("others", wanted={}, most=MOST_OTHERS))
    views = connection.execute(_VIEWS, {"me": agent.id}).all()
    return Board(found.counts, sections, name, views, asked)


def _mine(read: Callable[..., Section], wanted: Mapping[str, str]) -> Section:
    """Those come first whose last message is not answered."""
    found = read("mine", wanted=wanted, most=queues.MOST_MINE)
    rows = sorted(found.rows, key=lambda row: bool(row.answered))
    return Section("mine", rows, found.count, found.after)


def asked_for() -> dict[str, str]:
    asked = {name: request.values[name] for name in ASKED if request.values.get(name)}
    if asked.get("queue") not in (None, *queues.NAMES):
        del asked["queue"]
    return asked


def waits_since(row: AnyRow) -> datetime | None:
    """Null where nobody waits for an answer of ours."""
    if row.handler == "queue":
        since: datetime | None = row.queued_at
        return since
    return None if row.answered or row.handler == "bot" else row.last_in_at


def answer_by(row: AnyRow, minutes: Sequence[int]) -> datetime | None:
    """By when the lender wants it answered, by urgency: the policy's `answer_within_minutes`."""
    since = waits_since(row)
    return since + timedelta(minutes=minutes[min(row.urgency, len(minutes) - 1)]) if since else None
