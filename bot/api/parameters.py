"""The parameters that calls of the API share, as OpenAPI describes them."""

from typing import Any

from bot.api.requests import MOST_PER_PAGE

ID = {
    "name": "external_id",
    "in": "path",
    "required": True,
    "schema": {
        "type": "string",
        "minLength": 1,
        "maxLength": 64,
        "pattern": r"^[A-Za-z0-9_\-][A-Za-z0-9_.\-]*$",
    },
    "description": "your own id of it; a slash between parts is taken too",
    "example": "JAC-1001",
}
LIMIT: dict[str, Any] = {
    "name": "limit",
    "in": "query",
    "schema": {"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE, "default": 100},
    "description": "how many at most",
}
CURSOR: dict[str, Any] = {
    "name": "cursor",
    "in": "query",
    "schema": {"type": "string", "pattern": "^[0-9]{1,9}$"},
    "description": "the last page's `next_cursor`",
}
KEY: dict[str, Any] = {
    "name": "Idempotency-Key",
    "in": "header",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "the same key and body answers as the first time, another body 409",
}


def query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": schema, "description": description}


def page(default: int) -> list[dict[str, Any]]:
    return [LIMIT | {"schema": LIMIT["schema"] | {"default": default}}, CURSOR]
