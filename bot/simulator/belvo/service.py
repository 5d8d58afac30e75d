"""What all of the stand-in's answers share: who may ask, the shape of an error and of a list, the look of an
id, and trouble on purpose.
"""

import json
import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy import ColumnElement, Connection, Engine, Table, delete, func, select, update
from sqlalchemy.dialects import sqlite

from bot.simulator.answers import answer
from bot.simulator.database import rule, simulator_engine, trouble
from bot.web import services
from models import read_tx, write_tx
from models.base import AnyRow

blueprint = Blueprint("simulator_belvo", __name__, url_prefix="/simulator/belvo")

RULES = {"documents": 0, "chargeback_days": 7}
"""Whether identity documents and a photo are demanded; after how many days a charge is taken back where one
is.
"""
TROUBLES = ("html", "500", "429", "nothing", "garbled", "concurrent", "amount", "status")


def engine() -> Engine:
    return simulator_engine(services().settings)


@blueprint.before_request
def authorised() -> Response | None:
    settings, given = services().settings, request.headers
    if (
        given.get("api-key-id") == settings.belvo_api_key_id
        and given.get("api-key-secret") == settings.belvo_api_key_secret
    ):
        return None
    return error("Unauthorized", HTTPStatus.UNAUTHORIZED)


@blueprint.before_request
def troubled() -> Response | None:
    """Takes up the trouble that was put in for this call; one that is carried out all the same comes after
    it.
    """
    call = f"{request.method} {request.path.removeprefix(blueprint.url_prefix or '')}"
    with read_tx(engine()) as connection:
        found = next(
            (
                row
                for row in connection.execute(select(trouble).order_by(trouble.c.seq))
                if call.startswith(row.call)
            ),
            None,
        )
    if found is None:
        return None
    with write_tx(engine()) as connection:
        connection.execute(
            update(trouble).where(trouble.c.seq == found.seq).values(times=trouble.c.times - 1)
        )
        connection.execute(delete(trouble).where(trouble.c.times <= 0))
    if found.taken:
        g.trouble = found.kind
        return None
    return _answer_in_trouble(found.kind)


@blueprint.after_request
def after(response: Response) -> Response:
    kind = g.pop("trouble", None)
    if kind in {"amount", "status"}:
        return _altered(response, kind)
    return _answer_in_trouble(kind) if kind else response


def _answer_in_trouble(kind: str) -> Response:
    match kind:
        case "html":
            return Response("<html><body>Bad gateway</body></html>", HTTPStatus.OK, content_type="text/html")
        case "nothing":
            return Response("", HTTPStatus.OK, content_type="application/json")
        case "garbled":
            return Response('{"paymentRequestId": "', HTTPStatus.CREATED, content_type="application/json")
        case "429":
            return error("Too Many Requests", HTTPStatus.TOO_MANY_REQUESTS)
        case "concurrent":
            return error("Concurrent use of idempotency key")
        case _:
            return error("Internal server error", HTTPStatus.INTERNAL_SERVER_ERROR)


def _altered(response: Response, kind: str) -> Response:
    """The same answer with a centavo more, or with a status that nobody knows."""
    body = response.get_json()
    for row in body.get("items", [body]):
        if kind == "amount" and "amount" in row:
            row["amount"] = f"{float(row['amount']) + 0.01:.2f}"
        if kind == "status" and "status" in row:
            row["status"] = "levitating"
    response.set_data(json.dumps(body))
    return response


def error(message: str | list[str], status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Response:
    """A list where several fields are at fault, or one by its form; else a text."""
    return answer(status, statusCode=int(status), error=status.phrase, message=message)


def not_found(what: str) -> Response:
    return error(f"{what} not found for merchant", HTTPStatus.NOT_FOUND)


def body() -> dict[str, Any]:
    given = request.get_json(silent=True)
    return given if isinstance(given, dict) else {}


def is_id(text: object) -> bool:
    try:
        return isinstance(text, str) and str(uuid.UUID(text)) == text
    except ValueError:
        return False


def new_id() -> str:
    return str(uuid.uuid4())


def now() -> datetime:
    return services().clock.now()


def iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z") if at else None


def one(table: Table, found_by: str) -> AnyRow | None:
    with read_tx(engine()) as connection:
        return connection.execute(select(table).where(table.c.id == found_by)).first()


def page_of(
    connection: Connection, table: Table, where: Sequence[ColumnElement[bool]], order: Sequence[Any]
) -> tuple[Sequence[AnyRow], dict[str, int]]:
    """`(rows, metadata)` of the page that was asked for: 20 rows unless asked otherwise, at most 100."""
    page = max(1, request.args.get("page", 1, type=int))
    limit = min(max(1, request.args.get("limit", 20, type=int)), 100)
    total = connection.scalar(select(func.count()).select_from(table).where(*where)) or 0
    rows = connection.execute(
        select(table).where(*where).order_by(*order).limit(limit).offset((page - 1) * limit)
    ).all()
    return rows, {
        "totalItems": total,
        "itemCount": len(rows),
        "itemsPerPage": limit,
        "totalPages": -(-total // limit),
        "currentPage": page,
    }


def get_rule(connection: Connection, name: str) -> int:
    kept = connection.scalar(select(rule.c.value).where(rule.c.name == name))
    return RULES[name] if kept is None else int(kept)


def set_rule(connection: Connection, name: str, value: int) -> None:
    assert name in RULES, name
    statement = sqlite.insert(rule).values(name=name, value=value)
    connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_={"value": value}))
