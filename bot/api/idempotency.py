"""An unsafe call that is sent twice is done once: its `Idempotency-Key` is taken before it acts, and the same
key is answered alike afterwards.

While the first call is under way the second waits a moment for its answer; where there is none, it is asked
to come again. Answers hold personal data, so they are kept no longer than a client retries.
"""

import hashlib
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, g, request
from sqlalchemy import Connection, Update, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.api.problems import Problem
from bot.web import services
from models import idempotent_call_table, read_tx, write_tx
from models.base import AnyRow

UNDER_WAY = 0
"""The status of a call that has not been answered yet."""
RETRY_AFTER_SECONDS = 2
PATIENCE_SECONDS, GLANCE_SECONDS = 1.0, 0.02
"""How long, and how often, the second call looks for the first one's answer: a thread waits meanwhile."""
ABANDONED_AFTER = timedelta(seconds=10)
"""A call under way for this long belongs to a process that is gone: no call takes so long."""
LONGEST_KEY = 255

Act = Callable[[Connection], tuple[dict[str, Any], int]]


def idempotent(act: Act) -> Response:
    """Runs an unsafe call, which is one transaction, once for each Idempotency-Key: the same key and body
    answers as the first time, another body 409. The answer is kept in the same transaction: a process that
    ends, or a database that refuses, leaves both or neither.

    A call that is refused frees its key: corrected, it may come again under the same one.
    """
    keyed = "Idempotency-Key" in request.headers
    if keyed and (first := _first()) is not None:
        return _response(first.body, first.status)
    with _freeing() if keyed else nullcontext(), write_tx(services().engine) as connection:
        answer, status = act(connection)
        body = _encoded(answer)
        if keyed and connection.execute(_kept(status, body)).rowcount != 1:
            raise _early()
    return _response(body, status)


def _mine() -> Any:
    return (idempotent_call_table.c.api_key_id == g.api_key.id) & (
        idempotent_call_table.c.key == request.headers["Idempotency-Key"]
    )


def _first() -> AnyRow | None:
    """The answered call that came first under this key; null where this one is the first. Raises Problem 400,
    409, 425.
    """
    key = request.headers["Idempotency-Key"]
    if not key or len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Problem(
            HTTPStatus.BAD_REQUEST, f"Idempotency-Key is 1 to {LONGEST_KEY} printable ASCII characters"
        )
    now = services().clock.now()
    digest = _digest(request.get_data())
    row = {
        "api_key_id": g.api_key.id,
        "key": key,
        "request_hash": digest,
        "status": UNDER_WAY,
        "body": b"",
        "created_at": now,
    }
    try:
        with write_tx(services().engine) as connection:
            connection.execute(insert(idempotent_call_table), row)
    except IntegrityError:
        return _answered(digest)
    return None


def _digest(content: bytes) -> str:
    """One for all ways to write the same JSON: a client may order its keys anew when it retries."""
    with suppress(ValueError, RecursionError):
        content = json.dumps(json.loads(content), sort_keys=True).encode()
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + content).hexdigest()


def _answered(digest: str) -> AnyRow | None:
    """The first call's answer; null where its process is gone and this one takes its place."""
    first = _awaited(digest)
    if first is not None and first.request_hash != digest:
        raise Problem(
            HTTPStatus.CONFLICT,
            "this Idempotency-Key came before with another body: use a new key for a new call",
        )
    if first is not None and first.status != UNDER_WAY:
        return first
    now = services().clock.now()
    if first is not None and first.created_at < now - ABANDONED_AFTER:
        taken_over = (
            update(idempotent_call_table)
            .where(_mine(), idempotent_call_table.c.created_at == first.created_at)
            .values(created_at=now)
        )
        with write_tx(services().engine) as connection:
            if connection.execute(taken_over).rowcount == 1:
                return None
    raise _early()


def _awaited(digest: str) -> AnyRow | None:
    """The first call as it stands once it is answered, or after a moment."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        with read_tx(services().engine) as connection:
            first = connection.execute(select(idempotent_call_table).where(_mine())).first()
        if first is None or (first.status, first.request_hash) != (UNDER_WAY, digest):
            return first
        if time.monotonic() >= until:
            return first
        time.sleep(GLANCE_SECONDS)


def _early() -> Problem:
    return Problem(
        HTTPStatus.TOO_EARLY,
        "the first call with this Idempotency-Key is still under way: send it again in a moment",
        retry_after=RETRY_AFTER_SECONDS,
    )


@contextmanager
def _freeing() -> Iterator[None]:
    """A call that is refused, or fails, frees its key."""
    try:
        yield
    except Exception:
        with write_tx(services().engine) as connection:
            connection.execute(
                delete(idempotent_call_table).where(_mine(), idempotent_call_table.c.status == UNDER_WAY)
            )
        raise


def _kept(status: int, body: bytes) -> Update:
    """Of a call under way: where another took its place and answered, that answer stands."""
    under_way = idempotent_call_table.c.status == UNDER_WAY
    return update(idempotent_call_table).where(_mine(), under_way).values(status=status, body=body)


def _encoded(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode()


def _response(data: bytes, status: int) -> Response:
    return Response(data, status, content_type="application/json")
