"""The web application: a factory that takes services, blueprints, and a clear answer for every error."""

from http import HTTPStatus
from pathlib import Path

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot import api, console, converters
from bot.channels import twilio
from bot.debit import belvo
from bot.logs import configure
from bot.metrics import registry
from bot.services import Services, make_services
from models import read_tx
from models.migrate import is_current


def create_app(services: Services | None = None) -> Flask:
    """Builds the application; `services` are made from the settings unless a test hands its own."""
    configure()
    services = services or make_services()
    app = Flask("bot", root_path=str(Path(__file__).parent), static_folder=None)
    app.extensions["acuerdo"] = services
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
    app.register_blueprint(twilio.blueprint)
    app.register_blueprint(belvo.blueprint)
    app.register_blueprint(api.blueprint)
    app.register_blueprint(api.docs)
    app.register_blueprint(console.blueprint)
    if services.settings.simulated:
        from bot import simulator

        app.register_blueprint(simulator.twilio)
        app.register_blueprint(simulator.belvo)
        app.register_blueprint(simulator.page)
    _add_health(app, services)
    services.understanding.read("hola", services.clock.now().date())  # warm before the first borrower waits
    _ = services.wording, services.vault
    return app


def _add_health(app: Flask, services: Services) -> None:
    ours = registry(services)

    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="up")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """Database reachable and at this version."""
        try:
            with read_tx(services.engine) as connection:
                connection.execute(text("SELECT 1"))
            ready = is_current(services.engine)
        except SQLAlchemyError:
            return jsonify(status="the database cannot be reached"), HTTPStatus.SERVICE_UNAVAILABLE
        if not ready:
            return jsonify(
                status="the database is not at this version: run `acuerdo db upgrade`"
            ), HTTPStatus.SERVICE_UNAVAILABLE
        return jsonify(status="ready"), HTTPStatus.OK

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest() + generate_latest(ours), content_type=CONTENT_TYPE_LATEST)

    @app.get("/")
    def home() -> Response:
        target = "/simulator" if services.settings.simulated else "/console"
        return Response("", HTTPStatus.FOUND, {"Location": target})
