"""Errors as `application/problem+json` (RFC 9457): what happened, and what to do."""

import json
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

log = structlog.get_logger(__name__)


class Problem(Exception):
    """Raised by a view; becomes the answer."""

    def __init__(self, status: int, title: str, **more: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.more = status, title, more


def answer(status: int, title: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": int(status), **more}
    return Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")


def register(blueprint: Blueprint) -> None:
    """One handler for each kind of error that a view may raise."""
    blueprint.register_error_handler(Problem, lambda error: answer(error.status, error.title, **error.more))
    blueprint.register_error_handler(ValidationError, _invalid)
    blueprint.register_error_handler(OperationalError, _unavailable)
    blueprint.register_error_handler(HTTPException, lambda error: answer(error.code or 500, error.name, detail=error.description))
    blueprint.register_error_handler(Exception, _unexpected)


def _invalid(error: ValidationError) -> Response:
    faults = [{"field": ".".join(map(str, fault["loc"])) or "body", "reason": fault["msg"]} for fault in error.errors()]
    return answer(HTTPStatus.UNPROCESSABLE_ENTITY, "the body does not fit: mend the fields named", errors=faults)


def _unavailable(error: OperationalError) -> Response:
    log.error("database", error=type(error).__name__)
    response = answer(HTTPStatus.SERVICE_UNAVAILABLE, "the database is busy: send it again")
    response.headers["Retry-After"] = "2"
    return response


def _unexpected(error: Exception) -> Response:
    log.error("api")
    return answer(HTTPStatus.INTERNAL_SERVER_ERROR, "an error of ours: it was logged, send it again later", error=type(error).__name__)
