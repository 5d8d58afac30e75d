"""The web application: a factory that takes services, blueprints, and a clear answer for every error."""

from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

from flask import Flask, Response, g

from bot import api, console, pages
from bot.channels import email, twilio
from bot.debit import belvo, monato
from bot.logs import configure
from bot.outreach import keep_receipt
from bot.services import Services, make_services
from bot.web import converters, errors, health
from models.trace import begin_trace

LOCK_SECONDS = 1.5
"""How long a request waits for a locked database before it answers 503: a worker waits longer."""


class _Application(Flask):
    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """No function of ours is a coroutine: Flask would look at each of them, at every request."""
        return func


def create_app(services: Services | None = None) -> Flask:
    """Builds the application; `services` are made from the settings unless a test hands its own."""
    services = services or make_services(lock_seconds=LOCK_SECONDS)
    configure(services.settings.log_level)
    app = _Application("bot", root_path=str(Path(__file__).parent), static_folder=None)
    app.extensions["acuerdo"] = services
    app.before_request(_begin_trace)
    app.after_request(_with_request_id)
    app.config.update(
        SECRET_KEY=services.settings.secret_key,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_SECURE=services.settings.public_url.startswith("https://"),
        MAX_CONTENT_LENGTH=2 * 1024 * 1024,
        MAX_FORM_PARTS=2_000,
    )
    converters.register(app)
    app.session_interface = console.ConsoleSessions()
    app.register_blueprint(twilio.make_blueprint(keep_receipt))
    app.register_blueprint(email.blueprint)
    app.register_blueprint(belvo.blueprint)
    app.register_blueprint(monato.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api.docs)
    app.register_blueprint(console.blueprint)
    app.register_blueprint(pages.blueprint)
    if services.settings.simulated:
        from bot import simulator

        app.register_blueprint(simulator.twilio)
        app.register_blueprint(simulator.belvo)
        if services.settings.is_demo:
            app.register_blueprint(simulator.page)
    app.add_url_rule("/", view_func=lambda: _home(services), endpoint="home")
    errors.register(app)
    health.register(app, services)
    services.understanding.fit_topics()  # warm before the first borrower waits
    services.understanding.read("hola", services.clock.now().date())
    _ = services.wording, services.vault
    return app


def _begin_trace() -> None:
    g.trace = begin_trace()


def _with_request_id(response: Response) -> Response:
    """What the logs know this request by, for whoever asks about it."""
    response.headers["X-Request-Id"] = g.trace
    return response


def follow_changes(app: Flask) -> Flask:
    """The policy, topics and wording that are put in force while it runs, for each request."""
    services: Services = app.extensions["acuerdo"]

    @app.before_request
    def follow() -> None:
        services.keep_current(fit_later=True)

    follow()
    return app


def _home(services: Services) -> Response:
    target = "/simulator" if services.settings.is_demo else "/console"
    return Response("", HTTPStatus.FOUND, {"Location": target})
