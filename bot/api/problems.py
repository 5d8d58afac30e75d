"""Errors as `application/problem+json` (RFC 9457): what happened, and what to do."""

import json
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, MethodNotAllowed


class Problem(Exception):
    """Raised by a view; becomes the answer."""

    def __init__(self, status: int, title: str, *, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(title)
        self.status, self.title, self.retry_after, self.more = status, title, retry_after, more


def answer(status: int, title: str, **more: Any) -> Response:
    body = {"type": "about:blank", "title": title, "status": int(status), **more}
    response = Response(json.dumps(body, ensure_ascii=False), status, content_type="application/problem+json")
    protect(response)
    if status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def register(blueprint: Blueprint) -> None:
    """One handler for each kind of error that a view may raise."""
    blueprint.register_error_handler(Problem, _raised)
    blueprint.register_error_handler(ValidationError, _invalid)
    blueprint.register_error_handler(HTTPException, _refused)


def _raised(problem: Problem) -> Response:
    response = answer(problem.status, problem.title, **problem.more)
    if problem.retry_after is not None:
        response.headers["Retry-After"] = str(problem.retry_after)
    return response


def protect(response: Response) -> Response:
    """Answers hold personal data: no cache keeps them, no browser guesses their kind."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _refused(error: HTTPException) -> Response:
    refusal = answer(error.code or HTTPStatus.INTERNAL_SERVER_ERROR, error.name, detail=error.description)
    if isinstance(error, MethodNotAllowed):
        refusal.headers["Allow"] = ", ".join(sorted(error.valid_methods or ()))
    return refusal


def fields_of(error: ValidationError) -> list[dict[str, str]]:
    """What does not fit, by the name of its field."""
    return [
        {
            "field": ".".join(map(str, fault["loc"])) or "body",
            "reason": fault["msg"].removeprefix("Value error, "),
        }
        for fault in error.errors()
    ]


def _invalid(error: ValidationError) -> Response:
    faults = fields_of(error)
    if any(fault["type"] == "json_invalid" for fault in error.errors()):
        return answer(HTTPStatus.BAD_REQUEST, "the body is not JSON in UTF-8", errors=faults)
    return answer(
        HTTPStatus.UNPROCESSABLE_ENTITY, "the body does not fit: fix the fields named", errors=faults
    )
