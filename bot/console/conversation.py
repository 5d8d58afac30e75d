"""One conversation: the page, and its news."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, abort, g, render_template, request
from sqlalchemy import Connection
from werkzeug.wrappers import Response as AnyResponse

from bot.console import board as boards
from bot.console import guard, polling, thread
from bot.console.borrower_panel import borrower_panel
from bot.console.formatting import locale, zone
from bot.handoff import OUTCOMES, invitation
from bot.web import services
from models import read_tx

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
        version = (found.version, thread.version(connection, conversation_id), minute, _since())
        return polling.respond(
            version,
            lambda: render_template("console/conversation_live.html", **shown(connection, conversation_id)),
        )


def _since() -> int | None:
    return request.args.get("since", type=bounded)


def bounded(text: str) -> int:
    """A key as a URL names it: SQLite raises at a larger one."""
    return min(int(text), MOST_ID)


def shown(connection: Connection, conversation_id: int) -> dict[str, Any]:
    head = thread.head(connection, conversation_id)
    if head is None:
        abort(HTTPStatus.NOT_FOUND)
    items, first, older = thread.timeline(connection, conversation_id, zone(), _since())
    mine = head.handler == "agent" and head.agent_id == g.agent.id
    return {
        "head": head,
        "items": items,
        "since": first,
        "older": older,
        "board": boards.board(connection, g.agent),
        "outcomes": OUTCOMES,
        "borrower_panel": borrower_panel(connection, services(), head, services().clock.now()),
        "mine": mine,
        "may_lead": guard.may_lead(g.agent),
        "invitation": services()
        .wording.render(invitation(connection, services(), conversation_id, g.agent.name), locale())
        .text,
    }
