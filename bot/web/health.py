"""What operations ask: whether the process is up, whether it can do its work, and its figures."""

from http import HTTPStatus

from flask import Flask, Response, jsonify
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import insert, update
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import system_now
from bot.services import Services
from bot.web.metrics import registry
from models import setting_table, write_tx
from models.migrate import can_be_served

PROBE = "readiness"


def register(app: Flask, services: Services) -> None:
    ours = registry(services)

    @app.get("/healthz")
    def healthz() -> Response:
        """Served by `bot.web.server` itself, so that it waits for nothing."""
        return jsonify(status="up")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int] | tuple[Response, int, dict[str, str]]:
        fault = unready(services)
        if fault is None:
            return jsonify(status="ready"), HTTPStatus.OK
        return jsonify(status=fault), HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "2"}

    @app.get("/metrics")
    def metrics() -> Response:
        return Response(generate_latest() + generate_latest(ours), content_type=CONTENT_TYPE_LATEST)


def unready(services: Services) -> str | None:
    """Why the work cannot be done: the database is away, of another version, or takes no write."""
    try:
        if not can_be_served(services.engine):
            return "the database is not at this version: run `acuerdo db upgrade`"
        write_probe(services)
    except (SQLAlchemyError, OSError) as error:
        return (
            f"the database cannot be reached or written ({type(error).__name__}): "
            "check ACUERDO_DATABASE_URL, room on its disk and its permissions"
        )
    return None


def write_probe(services: Services) -> None:
    """One row, committed: a full disk or a read-only file is found before a message is."""
    values = {"value": {}, "changed_at": system_now()}
    with write_tx(services.engine) as connection:
        changed = connection.execute(
            update(setting_table).where(setting_table.c.name == PROBE).values(**values)
        )
        if changed.rowcount == 0:
            connection.execute(insert(setting_table).values(name=PROBE, **values))
