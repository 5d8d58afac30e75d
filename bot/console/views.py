"""The console's routes."""

import secrets
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from bot.console import threads
from bot.console.accounts import Locked, by_id, log_in
from bot.services import Services
from bot.wording import decode

blueprint = Blueprint("console", __name__, url_prefix="/console", template_folder="templates", static_folder="static")
LOCALE = "es_MX"


def _services() -> Services:
    found: Services = current_app.extensions["acuerdo"]
    return found


@blueprint.before_request
def guard() -> AnyResponse | None:
    """A session for every page but the log-in; a token of the session in every form."""
    g.agent = by_id(_services(), session["agent"]) if "agent" in session else None
    if request.method == "POST":
        given, known = request.form.get("csrf", ""), session.get("csrf", "")
        if not known or not secrets.compare_digest(given, known):
            return Response("the form is out of date: go back and load the page again", HTTPStatus.BAD_REQUEST)
    if g.agent is None and request.endpoint not in ("console.login", "console.static"):
        return redirect(url_for("console.login"))
    return None


@blueprint.context_processor
def words() -> dict[str, Any]:
    wording = _services().wording
    session.setdefault("csrf", secrets.token_urlsafe(24))
    return {
        "t": lambda key, **params: wording.text(f"console.{key}", params, LOCALE),
        "money": lambda centavos: f"${centavos / 100:,.2f}",
        "csrf": session["csrf"],
        "me": g.get("agent"),
        "meant": lambda intent: wording.text(f"meaning.{intent}", {}, LOCALE) if (None, f"meaning.{intent}") in wording.keys(LOCALE) else "",
        "local": lambda at: at.astimezone(ZoneInfo(_services().settings.timezone)).strftime("%d/%m %H:%M"),
        "said": lambda row: row.body or (wording.render(decode(row.wording), LOCALE).text if row.wording else ""),
    }


@blueprint.route("/login", methods=["GET", "POST"])
def login() -> AnyResponse | str | tuple[str, int]:
    if request.method == "GET":
        return render_template("console/login.html", error=None)
    try:
        agent = log_in(_services(), request.form.get("email", ""), request.form.get("password", ""))
    except Locked:
        return render_template("console/login.html", error="locked"), HTTPStatus.TOO_MANY_REQUESTS
    if agent is None:
        return render_template("console/login.html", error="wrong"), HTTPStatus.UNAUTHORIZED
    session.clear()
    session["agent"] = agent.id
    return redirect(url_for("console.queue"))


@blueprint.post("/logout")
def logout() -> AnyResponse:
    session.clear()
    return redirect(url_for("console.login"))


@blueprint.get("/")
def queue() -> str:
    return render_template("console/queue.html", waiting=threads.waiting(_services()), tasks=threads.tasks(_services()))


def _cached(view: Callable[[int], str]) -> Callable[[int], AnyResponse]:
    """Polling costs one small query until something changes."""

    @wraps(view)
    def answer(conversation_id: int) -> AnyResponse:
        tag = threads.version_of(_services(), conversation_id)
        if tag in request.if_none_match:
            return Response(status=HTTPStatus.NOT_MODIFIED)
        response = Response(view(conversation_id))
        response.set_etag(tag)
        response.headers["Cache-Control"] = "private, no-cache"
        return response

    return answer


@blueprint.get("/conversations/<int:conversation_id>")
def conversation(conversation_id: int) -> AnyResponse | str:
    found = threads.thread(_services(), conversation_id)
    if found is None:
        return Response("there is no such conversation", HTTPStatus.NOT_FOUND)
    return render_template("console/thread.html", waiting=threads.waiting(_services()), **found)


@blueprint.get("/conversations/<int:conversation_id>/messages")
@_cached
def messages(conversation_id: int) -> str:
    found = threads.thread(_services(), conversation_id)
    return render_template("console/messages.html", **found) if found else ""


@blueprint.post("/conversations/<int:conversation_id>/take")
def take(conversation_id: int) -> AnyResponse:
    if not threads.take(_services(), conversation_id, g.agent):
        return redirect(url_for("console.conversation", conversation_id=conversation_id, lost=1))
    return redirect(url_for("console.conversation", conversation_id=conversation_id))


@blueprint.post("/conversations/<int:conversation_id>/release")
def release(conversation_id: int) -> AnyResponse:
    threads.release(_services(), conversation_id, g.agent)
    return redirect(url_for("console.queue"))


@blueprint.post("/conversations/<int:conversation_id>/reply")
def reply(conversation_id: int) -> AnyResponse:
    text = request.form.get("text", "").strip()
    if text:
        try:
            threads.reply(_services(), conversation_id, g.agent, text)
        except threads.NotYours:
            return redirect(url_for("console.conversation", conversation_id=conversation_id, lost=1))
    return redirect(url_for("console.conversation", conversation_id=conversation_id))


@blueprint.post("/tasks/<int:task_id>/done")
def finish(task_id: int) -> AnyResponse:
    threads.finish_task(_services(), task_id, g.agent)
    return redirect(url_for("console.queue"))
