"""What all of the stand-in's answers share: who may ask, the shape of an error, the look of an id."""

import secrets
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from flask import Blueprint, Response, request

from bot.simulator.answers import answer
from bot.web import services

blueprint = Blueprint("simulator_twilio", __name__, url_prefix="/simulator/twilio")


@blueprint.before_request
def authorised() -> Response | None:
    settings, given = services().settings, request.authorization
    if (
        given
        and given.username == settings.twilio_account_sid
        and given.password == settings.twilio_auth_token
    ):
        return None
    return error("20003", "Authenticate", HTTPStatus.UNAUTHORIZED)


def error(code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> Response:
    return answer(
        status,
        code=int(code),
        message=message,
        more_info=f"https://www.twilio.com/docs/errors/{code}",
        status=int(status),
    )


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


def rfc2822(at: datetime) -> str:
    """As the older API writes times; `at` is UTC, with or without its zone."""
    return format_datetime(at.replace(tzinfo=UTC), usegmt=False)


def iso(at: datetime) -> str:
    """As the newer APIs write them."""
    return at.replace(tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
