"""API keys: 256 random bits, shown once, kept as a hash; who may do what; how one is replaced and revoked."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus

from flask import Response, g, request
from sqlalchemy import ColumnElement, insert, or_, select, update
from sqlalchemy.exc import SQLAlchemyError

from bot import audit
from bot.api.problems import Problem
from bot.services import Services
from bot.settings import kept_secret
from bot.web import services
from models import api_key_table, read_tx, write_tx, write_tx_at_once
from models.base import AnyRow
from models.upsert import insert_new

OPEN = ("/api/v1/openapi.json", "/api/v1/docs")
SAFE = ("GET", "HEAD", "OPTIONS")
LONGEST_NAME = 50
USE_IS_KNOWN_TO = timedelta(minutes=5)
"""A key's last use is written at most once in this time."""


class InvalidName(ValueError):
    def __init__(self) -> None:
        super().__init__(f"a key's name is 1 to {LONGEST_NAME} printable characters, such as core-banking")


class UnknownKey(LookupError):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no key {name!r} in force: `acuerdo keys list` shows all")


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _new_key() -> str:
    return f"acu_{secrets.token_urlsafe(32)}"


def make_key(made_by: Services, name: str, role: str, actor: str = "cli:unknown") -> str:
    """A new key; the only time that it is seen. Raises InvalidName, IntegrityError for a name in use.

    The name of a revoked key stays taken: it is the actor of ledger entries.
    """
    if not name.strip() or not name.isprintable() or len(name) > LONGEST_NAME:
        raise InvalidName
    key, now = _new_key(), made_by.clock.now()
    with write_tx(made_by.engine) as connection:
        connection.execute(
            insert(api_key_table), {"name": name, "role": role, "hash": _hash(key), "created_at": now}
        )
        audit.record(connection, now, actor, "key.added", name, role=role)
    return key


DEMO_NAME = "demo"


def demo_key() -> str:
    """The demo's key, the same at every start: shown on the API's page, refused by nobody but production."""
    return f"acu_demo_{kept_secret('demo_api_key')}"


def make_demo_key(made_by: Services) -> None:
    """Once."""
    row = {"name": DEMO_NAME, "role": "lender", "hash": _hash(demo_key()), "created_at": made_by.clock.now()}
    with write_tx(made_by.engine) as connection:
        connection.execute(insert_new(connection, api_key_table, ("name",)), row)


def list_keys(of: Services) -> Sequence[AnyRow]:
    with read_tx(of.engine) as connection:
        return connection.execute(select(api_key_table).order_by(api_key_table.c.id)).all()


def rotate_key(of: Services, name: str, overlap: timedelta, actor: str) -> str:
    """A new key under the same name and role; the old one works for `overlap` more. Raises UnknownKey."""
    key, now = _new_key(), of.clock.now()
    with write_tx(of.engine) as connection:
        values = {
            "hash": _hash(key),
            "previous_hash": api_key_table.c.hash,
            "previous_until": now + overlap,
        }
        changed = connection.execute(update(api_key_table).where(*_in_force(name)).values(**values))
        if changed.rowcount == 0:
            raise UnknownKey(name)
        audit.record(connection, now, actor, "key.rotated", name, until=(now + overlap).isoformat())
    return key


def revoke_key(of: Services, name: str, actor: str) -> None:
    """From this moment on it opens nothing, in any process. Raises UnknownKey."""
    now = of.clock.now()
    with write_tx(of.engine) as connection:
        changed = connection.execute(
            update(api_key_table).where(*_in_force(name)).values(revoked_at=now, previous_hash=None)
        )
        if changed.rowcount == 0:
            raise UnknownKey(name)
        audit.record(connection, now, actor, "key.revoked", name)


def _in_force(name: str) -> tuple[ColumnElement[bool], ...]:
    return api_key_table.c.name == name, api_key_table.c.revoked_at.is_(None)


def actor() -> str:
    """Who acts in this request, as the ledger records it."""
    return f"lender:{g.api_key.name}"


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
    found = _known(_hash(key.strip()))
    if found is None:
        raise Problem(HTTPStatus.UNAUTHORIZED, "this key is not known, or was revoked")
    if found.role == "readonly" and request.method not in SAFE:
        raise Problem(HTTPStatus.FORBIDDEN, "this key may only read")
    g.api_key = found


def record_use(response: Response) -> Response:
    """After the answer is made: where the database takes no write, the call has been served all the same."""
    key, now = g.get("api_key"), services().clock.now()
    if key is None or response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return response
    if key.last_used_at is None or abs(now - key.last_used_at) >= USE_IS_KNOWN_TO:
        this = update(api_key_table).where(api_key_table.c.id == key.id)
        with suppress(SQLAlchemyError), write_tx_at_once(services().engine) as connection:
            connection.execute(this.values(last_used_at=now))
    return response


def _known(digest: str) -> AnyRow | None:
    previous = (api_key_table.c.previous_hash == digest) & (
        api_key_table.c.previous_until > services().clock.now()
    )
    with read_tx(services().engine) as connection:
        return connection.execute(
            select(api_key_table).where(
                or_(api_key_table.c.hash == digest, previous), api_key_table.c.revoked_at.is_(None)
            )
        ).first()
