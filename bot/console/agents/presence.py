"""Which page an agent has open, as the page itself reports it."""

from http import HTTPStatus

from flask import Blueprint, Response, g, request

from bot import handoff
from bot.console.agents.conversation import bounded
from bot.web import services


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/presence", view_func=presence_live, methods=["POST"])


def presence_live() -> Response:
    """Not a use of the session: a page that is merely open ends like one that only polls."""
    conversation_id = request.form.get("conversation", type=bounded)
    if "gone" in request.form:
        handoff.leave(services(), g.agent.id, conversation_id)
    else:
        handoff.arrive(services(), g.agent.id, conversation_id, typing="typing" in request.form)
    return Response(status=HTTPStatus.NO_CONTENT)
