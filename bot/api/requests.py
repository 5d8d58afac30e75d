"""What every resource asks of a request: services, a body, a page, and to be answered the same twice."""

import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from flask import Response, current_app, g, jsonify, request
from pydantic import BaseModel
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.api.problems import Problem
from bot.services import Services
from models import IdempotentCall, reading, writing

_I = IdempotentCall.__table__
Body = TypeVar("Body", bound=BaseModel)
MOST_PER_PAGE = 1000


def services() -> Services:
    found: Services = current_app.extensions["acuerdo"]
    return found


def body(model: type[Body]) -> Body:
    """The JSON body as `model`. A field that does not fit becomes a 422 that names it."""
    try:
        data = json.loads(request.get_data() or b"null")
    except (ValueError, RecursionError):
        raise Problem(HTTPStatus.BAD_REQUEST, "the body is not JSON in UTF-8") from None
    return model.model_validate(data)


def limit(default: int = 100) -> int:
    text = request.args.get("limit", str(default))
    if not text.isdecimal() or not 1 <= int(text) <= MOST_PER_PAGE:
        raise Problem(HTTPStatus.BAD_REQUEST, f"limit is a number from 1 to {MOST_PER_PAGE}")
    return int(text)


def cursor() -> int:
    """The place after which the page begins; 0 is the beginning."""
    text = request.args.get("cursor", "0")
    if not text.isdecimal() or len(text) > 18:
        raise Problem(HTTPStatus.BAD_REQUEST, "cursor is what the last page's next_cursor said")
    return int(text)


def idempotent(act: Callable[[], tuple[dict[str, Any], int]]) -> Response:
    """Runs an unsafe call once for each Idempotency-Key: the same key and body answer as the first time, another body 409."""
    key = request.headers.get("Idempotency-Key")
    if not key:
        answer, status = act()
        return _response(json.dumps(answer, ensure_ascii=False).encode(), status)
    if len(key) > 255:
        raise Problem(HTTPStatus.BAD_REQUEST, "Idempotency-Key is longer than 255 characters")
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.get_data()).hexdigest()
    known = select(_I).where(_I.c.api_key_id == g.api_key.id, _I.c.key == key)
    with reading(services().engine) as connection:
        first = connection.execute(known).first()
    if first is None:
        answer, status = act()
        row = {"api_key_id": g.api_key.id, "key": key, "request_hash": digest, "status": status,
               "body": json.dumps(answer, ensure_ascii=False).encode(), "created_at": services().clock.now()}  # fmt: skip
        try:
            with writing(services().engine) as connection:
                connection.execute(insert(_I), row)
        except IntegrityError:  # two at once: the acts are idempotent themselves, the first answer stands
            with reading(services().engine) as connection:
                first = connection.execute(known).first()
        else:
            return _response(row["body"], status)
    assert first is not None
    if first.request_hash != digest:
        raise Problem(HTTPStatus.CONFLICT, "this Idempotency-Key came before with another body: use a new key for a new call")
    return _response(first.body, first.status)


def _response(data: bytes, status: int) -> Response:
    return Response(data, status, content_type="application/json")


def page(name: str, rows: list[dict[str, Any]], next_cursor: int | None) -> Response:
    return jsonify({name: rows, "next_cursor": str(next_cursor) if next_cursor is not None else None})
