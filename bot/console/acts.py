"""The acts next to a thread: a promise, a payment that is reported, a dispute, a wish, a phone call."""

from http import HTTPStatus

from flask import Blueprint, abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot import handoff
from bot.console import thread
from bot.console.borrower_panel import reached_here
from bot.console.conversation import page
from bot.console.formatting import text
from bot.conversation import LostTurn, NotHeld, Refused
from bot.web import services
from models import read_tx


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule(
        "/conversations/<int:conversation_id>/acts/<name>", view_func=act, methods=["POST"]
    )
    blueprint.add_url_rule("/conversations/<int:conversation_id>/call", view_func=call, methods=["POST"])


def act(conversation_id: int, name: str) -> AnyResponse:
    if name not in handoff.ACTS:
        abort(HTTPStatus.NOT_FOUND)
    _require(conversation_id)
    try:
        handoff.perform(services(), conversation_id, g.agent.id, name, request.form)
    except handoff.NotAllowed as error:
        return _refused(conversation_id, text(error.code, **error.params))
    except Refused:
        return _refused(conversation_id, text("act_too_late"))
    except NotHeld:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="act_take_first")
    except LostTurn:
        return page(conversation_id, HTTPStatus.CONFLICT, alert="lost")
    return _back(conversation_id)


def call(conversation_id: int) -> AnyResponse:
    """A call that was made outside is kept, with what came of it, whoever has the conversation."""
    with read_tx(services().engine) as connection:
        people = reached_here(connection, conversation_id)
    borrower = request.form.get("borrower", type=int)
    if borrower not in people:
        return _refused(conversation_id, text("act_person"))
    reference = request.form.get("key", "")[:64] or f"{conversation_id}:{services().clock.now().isoformat()}"
    try:
        handoff.record_phone_call(
            services(), g.agent.id, borrower, request.form.get("outcome", ""), reference
        )
    except handoff.NotAllowed as error:
        return _refused(conversation_id, text(error.code))
    return _back(conversation_id)


def _require(conversation_id: int) -> None:
    with read_tx(services().engine) as connection:
        if thread.head(connection, conversation_id) is None:
            abort(HTTPStatus.NOT_FOUND)


def _refused(conversation_id: int, why: str) -> AnyResponse:
    return page(conversation_id, HTTPStatus.UNPROCESSABLE_ENTITY, act_refused=why)


def _back(conversation_id: int) -> AnyResponse:
    return redirect(url_for("console.conversation", conversation_id=conversation_id), HTTPStatus.SEE_OTHER)
