"""What every resource asks of a request: services, a body, a page."""

from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from flask import Response, jsonify, request
from pydantic import BaseModel, Field

from bot.api.problems import Problem

Body = TypeVar("Body", bound=BaseModel)
MOST_PER_PAGE = 1000
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Of one line: what PostgreSQL keeps and a person can read."""


def body(model: type[Body]) -> Body:
    """The JSON body as `model`, to the letter: no number in a text, no `true` for 1. What does not fit
    becomes a 400, or a 422 that names the field.
    """
    if request.mimetype and not request.is_json:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is JSON: send Content-Type: application/json"
        )
    return model.model_validate_json(request.get_data(), strict=True)


def limit(default: int = 100) -> int:
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdecimal()) or not 1 <= int(text) <= MOST_PER_PAGE:
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is a number from 1 to {MOST_PER_PAGE}")
    return int(text)


def cursor() -> int:
    """The place after which the page begins; 0 is the beginning."""
    text = request.args.get("cursor", "0")
    if not (text.isascii() and text.isdecimal()) or len(text) > 18:
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is the next_cursor of the previous page")
    return int(text)


def page(name: str, rows: list[dict[str, Any]], next_cursor: int | None) -> Response:
    return jsonify({name: rows, "next_cursor": str(next_cursor) if next_cursor is not None else None})
