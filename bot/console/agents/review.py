"""What the bot was not sure of: an agent corrects it, and the next training learns from it."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console import polling
from bot.console.agents.board import counted
from bot.conversation import NoSuchIntent, correct, unread
from bot.understanding import INTENTS
from bot.web import services
from models import read_tx

RECENT = 20_000
"""Messages that are looked through."""


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/review", view_func=review)
    blueprint.add_url_rule("/review/live", view_func=review_live)
    blueprint.add_url_rule("/review/<int:message_id>", view_func=meant, methods=["POST"])


def review() -> str:
    with read_tx(services().engine) as connection:
        found = counted(connection, g.agent)
    rows = unread(services(), among=RECENT)
    return render_template("console/review.html", board=found, rows=rows, intents=INTENTS)


def review_live() -> Response:
    """The counts above alone: a choice that somebody is about to make stays as it is."""
    with read_tx(services().engine) as connection:
        found = counted(connection, g.agent)
    return polling.respond(found.version, lambda: render_template("console/partials/nav.html", board=found))


def meant(message_id: int) -> AnyResponse:
    if intent := request.form.get("intent", ""):
        try:
            correct(services(), message_id, intent)
        except NoSuchIntent:
            abort(HTTPStatus.BAD_REQUEST)
    return redirect(url_for("console.review"))
