"""API keys: 256 random bits, shown once, kept as a hash; and who may do what."""

import hashlib
import secrets
from http import HTTPStatus

from flask import g, request
from sqlalchemy import insert, select

from bot.api.problems import Problem
from bot.services import Services
from bot.web import services
from models import api_key_table, read_tx, write_tx

OPEN = ("/api/v1/openapi.json", "/api/v1/docs")
SAFE = ("GET", "HEAD", "OPTIONS")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def make_key(made_by: Services, name: str, role: str) -> str:
    """A new key; the only time that it is seen."""
    key = f"acu_{secrets.token_urlsafe(32)}"
    with write_tx(made_by.engine) as connection:
        connection.execute(
            insert(api_key_table),
            {"name": name, "role": role, "hash": _hash(key), "created_at": made_by.clock.now()},
        )
    return key


def authenticate() -> None:
    """Every route but the description needs a key; writing needs the role `lender`."""
    if request.path.startswith(OPEN):
        return
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key:
        raise Problem(
            HTTPStatus.UNAUTHORIZED,
            "a key is needed: send Authorization: Bearer and the key that `acuerdo keys add` printed",
        )
    with read_tx(services().engine) as connection:
        found = connection.execute(
            select(api_key_table).where(
                api_key_table.c.hash == _hash(key.strip()), api_key_table.c.revoked_at.is_(None)
            )
        ).first()
    if found is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "this key is not known, or was revoked")
    if found.role == "readonly" and request.method not in SAFE:
        raise Problem(HTTPStatus.FORBIDDEN, "this key may only read")
    g.api_key = found
    if not all(name.isprintable() for name in (request.view_args or {}).values()):
        raise Problem(HTTPStatus.NOT_FOUND, "no id holds control characters")
