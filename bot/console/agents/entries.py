"""The lines of a queue, in words: made together, because a page holds hundreds of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, g, url_for

from bot.console import formatting
from bot.console.access import masking
from bot.console.agents.board import Board, answer_by, waits_since
from bot.web import services
from models.base import AnyRow

AT = {"snoozed": "snoozed_until", "closed": "released_at"}
"""What the moment in a line of these queues is."""


@dataclass(frozen=True, slots=True)
class Wait:
    """For an answer of ours."""

    since: str
    due: str
    """Both as HTML writes a moment."""
    late: bool
    title: str


@dataclass(frozen=True, slots=True)
class Entry:
    row: AnyRow
    url: str
    urgency: str
    at: str
    """When what the queue is about happens, or happened."""
    wait: Wait | None
    answered: bool
    """Their last message, by a person."""
    rings: bool
    """Whether this agent is notified of it."""
    why: str
    media: str
    last: str


def register(blueprint: Blueprint) -> None:
    blueprint.context_processor(lambda: {"entries": entries})


def entries(board: Board, rows: Sequence[AnyRow]) -> Iterator[Entry]:
    """Whatever is the same for many is looked up once."""
    now, moment, named = services().clock.now(), formatting.moments(), cache(formatting.named)
    text, about = formatting.texts(), AT.get(board.queue)
    minutes = services().lender.policy.answer_within_minutes
    bots, no_reason, no_words = text("is_bots"), text("reason_none"), text("no_words")
    asked: dict[str, Any] = dict(board.asked)
    url = url_for("console.conversation", conversation_id=0, **asked)
    before, place, behind = url.partition("conversations/0")
    for row in rows:
        since, due, wait = waits_since(row), answer_by(row, minutes), None
        if about:
            at = getattr(row, about)
        elif since and due:
            at = since
            title = f"{text('waits_since', at=moment(since))} {text('answer_by', at=moment(due))}"
            wait = Wait(since.isoformat(), due.isoformat(), due < now, title)
        else:
            at = row.last_in_at if row.handler == "bot" else None
        with_another = row.handler == "agent" and row.agent_id != g.agent.id
        why = bots if row.handler == "bot" else named("reason", row.queue_reason)
        yield Entry(
            row,
            f"{before}{place[:-1]}{row.id}{behind}",
            named("urgency", str(row.urgency)),
            moment(at) if at else "",
            wait,
            not (about or since) and row.handler != "bot",
            since is not None and (row.handler == "queue" or row.agent_id == g.agent.id),
            (why or no_reason) + (f" · {row.agent}" if with_another else ""),
            named("media", (row.media[0].get("content_type") or "").split("/")[0]) if row.media else "",
            masking.without_identity(row.body) or (no_words if row.last_in_id and not row.media else ""),
        )
