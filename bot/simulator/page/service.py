"""What all parts of the page share: the services, times as the page's clock shows them, 304 while
nothing is new.
"""

from datetime import UTC, date, datetime
from http import HTTPStatus
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, request

from bot.web import services

blueprint = Blueprint(
    "simulator", __name__, url_prefix="/simulator", template_folder="templates", static_folder="static"
)


@blueprint.errorhandler(KeyError)
@blueprint.errorhandler(ValueError)
@blueprint.errorhandler(TypeError)
def not_ours(error: Exception) -> tuple[Response, int]:
    """What the page itself never sends."""
    return jsonify(error=type(error).__name__), HTTPStatus.BAD_REQUEST


def zone() -> ZoneInfo:
    return ZoneInfo(services().settings.timezone)


def now() -> datetime:
    """The demo's time, as a clock on the wall shows it."""
    return services().clock.now().astimezone(zone())


def today() -> date:
    return now().date()


def local(at: datetime | None) -> str | None:
    """The phones' tables keep UTC without a zone; the page shows local time."""
    return (
        at.replace(tzinfo=at.tzinfo or UTC).astimezone(zone()).isoformat(timespec="milliseconds")
        if at
        else None
    )


def answer(**parts: Any) -> Response:
    """304 without a body while nothing is new. The time is in a header of both: the page's
    clock runs on by itself.
    """
    response = jsonify(parts)
    response.add_etag()
    response.headers["Demo-Now"] = now().isoformat(timespec="milliseconds")
    response.make_conditional(request)
    return response
