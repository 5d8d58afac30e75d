"""The server's side: a body is there whole, or in time refused, before the thread that answers sees it."""

import asyncio
from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any

import pytest
from granian.rsgi import ProtocolClosed

from bot.web import UPLOADS, server


class Exchange:
    def __init__(self, *chunks: bytes, stalls: bool = False) -> None:
        self.chunks, self.stalls, self.answered = chunks, stalls, []

    async def __call__(self) -> bytes:
        return b"".join([chunk async for chunk in self])

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for chunk in self.chunks:
            yield chunk
        if self.stalls:
            await asyncio.sleep(60)

    def response_bytes(self, status: int, headers: server.Headers, body: bytes) -> None:
        self.answered.append((int(status), dict(headers), body))


def echo(environ: dict[str, Any], start: Any) -> list[bytes]:
    start("200 OK", [("content-type", "text/plain")])
    return [environ["PATH_INFO"].encode("latin-1"), environ["wsgi.input"].read()]


def answer(
    exchange: Exchange, path: str = "/x", app: Any = echo, **headers: str
) -> tuple[int, dict[str, str], bytes]:
    scope = SimpleNamespace(
        proto="http",
        http_version="1.1",
        server="127.0.0.1:8000",
        client="127.0.0.1:1",
        scheme="http",
        method="POST" if path == "/x" else "GET",
        path=path,
        query_string="",
        headers={name.replace("_", "-"): value for name, value in headers.items()},
    )
    asyncio.run(server.bridge(app)(scope, exchange))
    (found,) = exchange.answered
    exchange.answered.clear()
    return found


def test_a_body_arrives_whole() -> None:
    assert answer(Exchange(b"a", b"b"), content_length="2")[2] == b"/xab"
    assert answer(Exchange(b"a", b"b"), transfer_encoding="chunked")[2] == b"/xab"


def test_half_a_body_is_refused_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "BODY_SECONDS", 0.05)
    status, headers, _ = answer(Exchange(b"a", stalls=True), content_length="1000")
    assert (status, headers["connection"]) == (408, "close")


def test_a_large_body_is_received_only_by_who_may_send_it() -> None:
    """One that the application refuses by its head alone is answered while its body is still to come."""

    def guarded(environ: dict[str, Any], start: Any) -> list[bytes]:
        if environ.get("HTTP_COOKIE"):
            return echo(environ, start)
        start("401 Unauthorized", [])
        return [b"who?"]

    path = next(iter(UPLOADS))
    stalled, whole = Exchange(b"a", stalls=True), Exchange(b"a", b"b")
    assert answer(stalled, path, guarded, content_length="60000000")[::2] == (401, b"who?")
    assert answer(stalled, path, guarded, transfer_encoding="chunked")[::2] == (401, b"who?")
    assert answer(whole, path, guarded, content_length="2", cookie="session=x")[2] == path.encode() + b"ab"


def test_a_long_body_is_not_received() -> None:
    announced = str(server.MOST_BYTES + 1)
    assert answer(Exchange(b"a", stalls=True), content_length=announced)[2] == b"/x"
    unending = Exchange(*[b"x" * 100_000] * 40)
    assert len(answer(unending, transfer_encoding="chunked")[2]) < server.MOST_BYTES + 200_000


def test_health_asks_nobody() -> None:
    assert answer(Exchange(), "/healthz")[0] == 200


def test_a_client_that_leaves_is_not_answered_and_not_acted_for() -> None:
    class Left(Exchange):
        async def __call__(self) -> bytes:
            raise ProtocolClosed

    with pytest.raises(ValueError, match="not enough values"):
        answer(Left(b"a"), content_length="1000")
