"""What every resource asks of a request: a body, a page, a filter."""

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from flask import Response, jsonify, request
from pydantic import AwareDatetime, BaseModel, BeforeValidator, Field, TypeAdapter, ValidationError

from bot.api.problems import Problem

Body = TypeVar("Body", bound=BaseModel)
MOST_PER_PAGE = 1000
EXACT_FLOATS = 2**53
HIGHEST_CURSOR = 2**31 - 1
"""Of rows and of a loan's entries: what both databases compare as an integer."""
Text = Annotated[str, Field(pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Of one line: what PostgreSQL keeps and a person can read."""
FilledText = Annotated[
    str, Field(min_length=1, pattern=r"^[^\x00-\x1f\x7f]*[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$")
]
"""More than spaces."""
_ISO = re.compile(r"^\d{4}-\d{2}-\d{2}(?:[Tt ]|$)")
_FLOAT = re.compile(rb"\d(?:\.\d|[eE])")


def _read_iso(of: type[date]) -> BeforeValidator:
    """By ISO 8601 alone: a count of seconds, which a text may hold too, is no day and no time."""

    def read(value: object) -> date:
        if isinstance(value, str) and _ISO.match(value):
            with suppress(ValueError):
                return of.fromisoformat(value.upper())
        message = "write it by ISO 8601, such as 2026-11-24 or 2026-11-24T10:30:00-06:00"
        raise ValueError(message)

    return BeforeValidator(read)


Day = Annotated[date, _read_iso(date)]
Moment = Annotated[AwareDatetime, _read_iso(datetime)]
_TIME = TypeAdapter(Moment)


def body(model: type[Body]) -> Body:
    """The JSON body as `model`, to the letter: no number in a text, no `true` for 1. What does not fit
    becomes a 400, or a 422 that names the field.
    """
    if request.mimetype and not request.is_json:
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "the body is JSON: send Content-Type: application/json"
        )
    return model.model_validate_json(whole_numbers(request.get_data()), strict=True)


def whole_numbers(content: bytes) -> bytes:
    """Where `1.0` stands for 1, as JSON Schema has it: 1. What is no JSON is left for the model to refuse."""
    if not _FLOAT.search(content):
        return content
    try:
        return json.dumps(json.loads(content, parse_float=_whole)).encode()
    except (ValueError, RecursionError):
        return content


def _whole(text: str) -> int | float:
    number = float(text)
    return int(number) if number.is_integer() and abs(number) < EXACT_FLOATS else number


def limit(default: int = 100) -> int:
    text = request.args.get("limit", str(default))
    if not (text.isascii() and text.isdecimal()) or len(text) > 9 or not 1 <= int(text) <= MOST_PER_PAGE:
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is a number from 1 to {MOST_PER_PAGE}")
    return int(text)


def cursor() -> int:
    """The place after which the page begins; 0 is the beginning."""
    text = request.args.get("cursor", "0")
    if not (text.isascii() and text.isdecimal()) or len(text) > 10 or int(text) > HIGHEST_CURSOR:
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is the next_cursor of the previous page")
    return int(text)


def choice(name: str, among: Sequence[str]) -> str | None:
    """A filter with a closed set of values; null where it is not given."""
    text = request.args.get(name)
    if text is not None and text not in among:
        raise Problem(HTTPStatus.BAD_REQUEST, f"{name} is one of {', '.join(among)}")
    return text


def moment(name: str) -> datetime | None:
    """A time with its zone; null where it is not given."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return _TIME.validate_python(text.replace(" ", "+"))
    except (ValidationError, OverflowError):
        message = f"{name} is a time with its zone, such as 2026-11-24T10:30:00-06:00"
        raise Problem(HTTPStatus.BAD_REQUEST, message) from None


def page(name: str, rows: list[dict[str, Any]], next_cursor: int | None) -> Response:
    return jsonify({name: rows, "next_cursor": str(next_cursor) if next_cursor is not None else None})
