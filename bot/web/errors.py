"""One answer for every error that no view handled: an id to quote, which the log has too, in the form that
the caller reads.
"""

import secrets
from http import HTTPStatus

import structlog
from flask import Flask, Response, render_template, request, session
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bot.api import problems
from bot.web import services

log = structlog.get_logger(__name__)

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
"""The database is locked, lost or full: nothing was kept, and the caller may try again."""
UNREADABLE = (DataError, UnicodeError, OverflowError)
"""What a database cannot hold: a NUL, half a character, a number of 24 digits."""
RETRY_AFTER_SECONDS = 2
PROGRAMS = ("/api/", "/webhooks/", "/simulator/twilio", "/simulator/belvo", "/readyz", "/metrics")
"""Addresses that programs ask; people read all others."""
DESK = "/console"
LOCALES = {"es": "es_MX", "en": "en"}


def register(app: Flask) -> None:
    for kinds, handler in ((UNAVAILABLE, _unavailable), (UNREADABLE, _unreadable)):
        for kind in kinds:
            app.register_error_handler(kind, handler)
    app.register_error_handler(IntegrityError, _conflict)
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(Exception, _unexpected)


def _unavailable(error: Exception) -> Response:
    log.error("database unavailable", endpoint=request.endpoint, error=type(error).__name__)
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database is busy: send it again")
    response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _unreadable(error: Exception) -> Response:
    log.warning("unreadable input", endpoint=request.endpoint, error=type(error).__name__)
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, "this holds characters or numbers that cannot be kept")


def _conflict(error: Exception) -> Response:
    log.warning("conflict", endpoint=request.endpoint, error=type(error).__name__)
    return answer(HTTPStatus.CONFLICT, "this conflicts with what is here: load it again and retry")


def _refused(error: HTTPException) -> Response:
    response = answer(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, error.name)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return response


def _unexpected(error: Exception) -> Response:
    error_id = secrets.token_hex(6)
    log.error("view raised", error_id=error_id, endpoint=request.endpoint, exc_info=error)
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of ours, which was logged", error_id)


def answer(status: int, title: str, error_id: str = "") -> Response:
    """A page for people, a problem (RFC 9457) for programs."""
    if not request.path.startswith(PROGRAMS):
        return _page(status, error_id)
    return problems.answer(status, title, **({"error_id": error_id} if error_id else {}))


def _locale() -> str:
    """On the desk, the one that was chosen there; elsewhere the browser's."""
    if request.path.startswith(DESK):
        return str(session.get("locale", "es_MX"))
    return LOCALES[request.accept_languages.best_match(LOCALES, "es")]


def _page(status: int, error_id: str) -> Response:
    locale = _locale()
    kind = {
        403: "forbidden",
        404: "not_found",
        405: "not_found",
        413: "too_long",
        422: "unreadable",
        503: "busy",
    }
    words = kind.get(status, "failed" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "refused")
    wording = services().wording
    page = render_template(
        "console/error.html",
        lang=locale.replace("_", "-"),
        home=DESK if request.path.startswith(DESK) else "/",
        words=words,
        error_id=error_id,
        say=lambda key: wording.text(f"console.error_{key}", {}, locale),
    )
    response = Response(page, status)
    response.headers["Cache-Control"] = "no-store"
    return response
