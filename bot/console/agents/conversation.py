"""One conversation: the page, and its news."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from sqlalchemy import Connection, func, select
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.access import guard
from bot.console.agents import board as boards
from bot.console.agents import canned, thread
from bot.console.agents.borrower_panel import borrower_panel
from bot.console.agents.summary import summary
from bot.console.formatting import zone
from bot.conversation import left_unanswered, rehearse_release, suggested
from bot.handoff import (
    ANSWERING,
    CALL_OUTCOMES,
    HELD,
    OUTCOMES,
    SENDABLE,
    URGENT,
    chosen_file,
    colleagues_at,
    invitations,
)
from bot.reach import WINDOW
from bot.web import services
from bot.wording import template_name
from models import (
    agent_table,
    borrower_table,
    conversation_table,
    message_table,
    read_tx,
    template_table,
)
from models.base import AnyRow, word

MOST_ID = 2**63 - 1


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/conversations/<int:conversation_id>", view_func=conversation)
    blueprint.add_url_rule("/conversations/<int:conversation_id>/live", view_func=conversation_live)


def conversation(conversation_id: int) -> AnyResponse:
    return page(conversation_id)


def page(conversation_id: int, status: HTTPStatus = HTTPStatus.OK, **more: Any) -> AnyResponse:
    """The whole page; `more` is what an action reports on it: `alert`, or a `draft` with its `faults`."""
    with read_tx(services().engine) as connection:
        found = shown(connection, conversation_id)
    return Response(render_template("console/conversation.html", **found, **more), status)


def conversation_live(conversation_id: int) -> Response:
    """What depends on the time alone, such as whether one may write, is made anew every minute."""
    minute = int(services().clock.now().timestamp()) // 60
    with read_tx(services().engine) as connection:
        found = boards.board(connection, g.agent)
        others = _colleagues_here(connection, conversation_id)
        version = (found.version, thread.version(connection, conversation_id), minute, _since(), others)
        return polling.respond(
            version,
            lambda: render_template(
                "console/conversation_live.html", **shown(connection, conversation_id, found)
            ),
        )


def _colleagues_here(connection: Connection, conversation_id: int) -> list[tuple[str, bool]]:
    """`(name, whether they write)` of the others who have it open."""
    now = services().clock.now()
    return [
        (row.name or row.email, row.typing)
        for row in colleagues_at(connection, conversation_id, g.agent.id, now)
    ]


def _colleagues(connection: Connection) -> Sequence[AnyRow]:
    """Who else may have it, with how many each has: all are counted in one walk, not for each."""
    counted = (
        select(conversation_table.c.agent_id, func.count().label("held"))
        .where(HELD)
        .group_by(conversation_table.c.agent_id)
        .subquery()
    )
    held = func.coalesce(counted.c.held, 0)
    able = agent_table.c.disabled_at.is_(None) & agent_table.c.role.in_(ANSWERING)
    return connection.execute(
        select(agent_table.c.id, agent_table.c.name, agent_table.c.email, held.label("held"))
        .select_from(agent_table.outerjoin(counted, counted.c.agent_id == agent_table.c.id))
        .where(able, agent_table.c.id != g.agent.id)
        .order_by(held, agent_table.c.name)
    ).all()


def _snoozes(now: datetime) -> dict[str, datetime]:
    """The moments that are offered: in the lender's own hours."""
    local = now.astimezone(zone())
    morning = (local + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
    monday = morning + timedelta(days=-morning.weekday() % 7)
    return {"hour": now + timedelta(hours=1), "tomorrow": morning, "monday": monday}


def _bot_would_say(connection: Connection, conversation_id: int) -> str:
    """What the bot would write first, were the conversation given back now."""
    messages = rehearse_release(connection, services(), conversation_id, services().clock.now())
    render = services().wording.render
    return "\n\n".join(render(message, message.language or "es_MX").text for message in messages)


def _invitations(
    connection: Connection, conversation_id: int, person_id: int | None
) -> list[tuple[str, str, bool]]:
    """`(name, text, whether it may still be refused)`, in the borrower's language: a template leaves once
    WhatsApp has approved it.
    """
    language = connection.scalar(select(borrower_table.c.language).where(borrower_table.c.id == person_id))
    found = invitations(connection, services(), conversation_id, g.agent.name)
    names = {which: template_name(say.lines[0][0], say.tone) for which, say in found.items()}
    row = template_table.c
    undecided = set(
        connection.scalars(select(row.name).where(row.name.in_(names.values()), row.status != "approved"))
    )
    render = services().wording.render
    return [
        (which, render(say, language or "es_MX").text, names[which] in undecided)
        for which, say in found.items()
    ]


def _invited_at(connection: Connection, head: AnyRow) -> datetime | None:
    """When the newest was sent in this closed window: nothing else of an agent leaves in it."""
    row = message_table.c
    closed = head.last_in_at + WINDOW if head.last_in_at else head.created_at
    sent = select(func.max(row.created_at)).where(
        row.conversation_id == head.id, row.author == word("agent"), row.created_at >= closed
    )
    found: datetime | None = connection.scalar(sent)
    return found


def _register(head: AnyRow) -> str:
    """How the borrower is spoken to, as they speak themselves."""
    return str((head.state or {}).get("register", ""))


def _since() -> int | None:
    return request.args.get("since", type=bounded)


def bounded(text: str) -> int:
    """A key as a URL names it: SQLite raises at a larger one."""
    return min(int(text), MOST_ID)


def shown(connection: Connection, conversation_id: int, board: boards.Board | None = None) -> dict[str, Any]:
    """What the page shows; what only an agent's own conversation shows is read for that alone."""
    head = thread.head(connection, conversation_id)
    if head is None:
        abort(HTTPStatus.NOT_FOUND)
    items, first, older = thread.timeline(connection, conversation_id, zone(), _since())
    mine = head.handler == "agent" and head.agent_id == g.agent.id
    now = services().clock.now()
    panel = borrower_panel(connection, services(), head, now)
    how = panel.reply_permission.how if mine else None
    may_write = how in ("reply", "contact")
    lender = services().lender.facts.trade_name
    return {
        "head": head,
        "canned": canned.replies(services().wording, panel, g.agent.name, lender, _register(head))
        if mine
        else (),
        "attached": chosen_file(connection, conversation_id, g.agent.id) if may_write else None,
        "sendable": sorted(SENDABLE),
        "items": items,
        "since": first,
        "older": older,
        "board": board or boards.board(connection, g.agent),
        "outcomes": OUTCOMES,
        "here": _colleagues_here(connection, conversation_id),
        "colleagues": _colleagues(connection),
        "snoozes": _snoozes(now) if head.urgency < URGENT else {},
        "local_now": now.astimezone(zone()).strftime("%Y-%m-%dT%H:%M"),
        "borrower_panel": panel,
        "mine": mine,
        "unanswered": left_unanswered(connection, conversation_id) if mine else (),
        "summary": summary(connection, conversation_id, now),
        "suggested": suggested(connection, services(), conversation_id, now) if may_write else (),
        "bot_would_say": _bot_would_say(connection, conversation_id) if mine else "",
        "call_outcomes": CALL_OUTCOMES,
        "may_lead": guard.may_lead(g.agent),
        "authority": services().policy.offers.of_supervisor().plan if guard.may_lead(g.agent) else None,
        "invitations": _invitations(connection, conversation_id, panel.reply_permission.person_id)
        if how == "template"
        else (),
        "invited_at": _invited_at(connection, head) if how == "template" else None,
    }
