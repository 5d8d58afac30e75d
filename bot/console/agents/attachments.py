"""The file that an agent chooses for an answer."""

from http import HTTPStatus

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import handoff
from bot.console.agents.conversation import bounded, page
from bot.files import BadFile, given_file
from bot.web import services


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/attach", view_func=attach, methods=["POST"])


def attach() -> AnyResponse:
    """Keeps it for the next answer, or takes it away."""
    conversation_id = request.form.get("conversation", type=bounded)
    if conversation_id is None:
        abort(HTTPStatus.BAD_REQUEST)
    field = None if "remove" in request.form else request.files.get("attachment")
    try:
        file = given_file(field, handoff.SENDABLE)
        name = (field.filename if field else None) or ""
        handoff.attach(services(), conversation_id, g.agent.id, name, file)
    except BadFile:
        return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, alert="bad_file")
    except handoff.NotYours:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="lost")
    return redirect(url_for("console.conversation", conversation_id=conversation_id), HTTPStatus.SEE_OTHER)
