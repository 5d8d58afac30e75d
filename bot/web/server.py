"""The application behind its server: bodies are read outside the one Python thread that answers, so that a
client that sends half of one holds up nobody.

Threads on SQLite cost half a second at the 99th percentile, so each process has one thread. A body is
received whole by the event loop, within a time and a size, before that thread sees the request; `/healthz`
is answered by the event loop itself. An answer that is a stream of events (`text/event-stream`) is kept
open by the event loop, and takes no thread: the application has decided by then who may have it.
"""

import asyncio
import gc
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote
from wsgiref.types import WSGIApplication

import orjson
from granian._granian import RSGIProtocolClosed as ProtocolClosed
from granian._granian import RSGIProtocolError as ProtocolError

from bot.web import UPLOADS

if TYPE_CHECKING:
    from flask import Flask

    from bot.web.desk_feed import DeskFeed
    from bot.web.receipts import Receipts

BODY_SECONDS = 10.0
"""Within which a whole body must have come: Twilio itself waits 15 for the answer."""
UPLOAD_SECONDS = 60.0
DISCARD_SECONDS = 5.0
"""For so long is taken, and thrown away, what a client still sends after its answer is known: most read no
answer before they have sent all, and see nothing but a broken connection where it is closed on them.
"""
MOST_BYTES = 2 * 1024 * 1024
"""Of any body but an upload's. The application refuses longer ones by their announced length, unread."""
STREAM_SECONDS = 600.0
"""After which a stream ends: its page opens another, and shows its log-in again."""
BEAT_SECONDS = 20.0
"""A line at least so often, so that no proxy takes a quiet stream for a dead one."""
GATHER_SECONDS = 0.05
HEALTH = "/healthz"
_JSON = ("content-type", "application/json")
_RUNNING = b'{"status":"up"}\n'
_TOO_SLOW = b'{"status":"the body did not come in time: send it again"}\n'

Headers = list[tuple[str, str]]
Answer = tuple[int, Headers, bytes]
"""Status, headers and body."""


class Scope(Protocol):
    """Of a request, as the server gives it."""

    proto: str
    http_version: str
    server: str
    client: str
    scheme: str
    method: str
    path: str
    query_string: str

    @property
    def headers(self) -> Any: ...


class Exchange(Protocol):
    """The way to the client."""

    def __call__(self) -> Awaitable[bytes]: ...
    def __aiter__(self) -> AsyncIterator[bytes]: ...
    def response_bytes(self, status: int, headers: Headers, body: bytes) -> None: ...
    def response_stream(self, status: int, headers: Headers) -> "Stream": ...


class Stream(Protocol):
    """An answer that is not over."""

    def send_str(self, data: str) -> Awaitable[None]: ...


@cache
def load_app() -> "Flask":
    """Loaded in the process that the others are forked from, its memory is theirs, too."""
    from bot.app import create_app, follow_changes
    from bot.logs import log_uncaught

    log_uncaught()
    app = follow_changes(create_app())
    app.extensions["acuerdo"].engine.dispose()  # each process opens connections of its own
    # What was loaded once stays: walking it again at every collection costs a request in twelve its latency.
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 50)
    return app


def make_app() -> Callable[[Scope, Exchange], Awaitable[None]]:
    """What each process of `acuerdo serve` runs."""
    from bot.web.desk_feed import DeskFeed
    from bot.web.receipts import Receipts

    app = load_app()
    services = app.extensions["acuerdo"]
    return bridge(app, DeskFeed(services.engine), Receipts(services))


def bridge(
    app: WSGIApplication, feed: "DeskFeed | None" = None, receipts: "Receipts | None" = None
) -> Callable[[Scope, Exchange], Awaitable[None]]:
    thread = ThreadPoolExecutor(1, thread_name_prefix="answers")

    async def run(act: Callable[..., Any], *given: object) -> Any:
        return await asyncio.get_running_loop().run_in_executor(thread, act, *given)

    async def answer(scope: Scope, exchange: Exchange) -> None:
        if scope.proto != "http":
            return
        if scope.path == HEALTH and scope.method in ("GET", "HEAD"):
            exchange.response_bytes(HTTPStatus.OK, [_JSON], _RUNNING if scope.method == "GET" else b"")
            return
        most = UPLOADS.get(scope.path, MOST_BYTES)
        if most > MOST_BYTES and (early := await run(_run_unread, app, scope, most)):
            await _discard(scope, exchange)
            respond(exchange, early)
            return
        try:
            async with asyncio.timeout(UPLOAD_SECONDS if most > MOST_BYTES else BODY_SECONDS):
                body = await _body(scope, exchange, most)
        except TimeoutError:
            headers = [_JSON, ("connection", "close")]
            exchange.response_bytes(HTTPStatus.REQUEST_TIMEOUT, headers, _TOO_SLOW)
            return
        except (ProtocolClosed, ProtocolError):
            return  # the client left before it had sent all: there is nobody to answer
        if receipts is not None and (answered := await receipts.answer(scope, body, thread)) is not None:
            respond(exchange, answered)
            return
        found: Answer = await run(_run, app, _environ(scope, body, most))
        if feed is not None and _is_stream(found):
            await stream(exchange, found, feed)
        else:
            respond(exchange, found)

    return answer


def _is_stream(answer: Answer) -> bool:
    status, headers, _ = answer
    return status == HTTPStatus.OK and ("content-type", "text/event-stream") in (
        (name.lower(), value.partition(";")[0]) for name, value in headers
    )


async def stream(exchange: Exchange, answer: Answer, feed: "DeskFeed") -> None:
    """What changes, until the page leaves or the time is over."""
    status, headers, first = answer
    kept = [(name, value) for name, value in headers if name.lower() != "content-length"]
    with suppress(ProtocolClosed, ProtocolError, TimeoutError), feed.subscribe() as mine:
        out = exchange.response_stream(status, kept)
        await out.send_str(first.decode() + "event: ready\ndata: {}\n\n")
        async with asyncio.timeout(STREAM_SECONDS):
            while True:
                try:
                    async with asyncio.timeout(BEAT_SECONDS):
                        await mine.changed.wait()
                except TimeoutError:
                    await out.send_str(":\n\n")
                    continue
                await asyncio.sleep(GATHER_SECONDS)
                await out.send_str(f"data: {orjson.dumps(mine.take()).decode()}\n\n")


def respond(exchange: Exchange, answer: Answer) -> None:
    with suppress(ProtocolClosed, ProtocolError):
        exchange.response_bytes(*answer)


async def _body(scope: Scope, exchange: Exchange, most: int) -> bytes:
    """As announced, or as much as shows that it is too long: the application then refuses it unread."""
    announced = scope.headers.get("content-length")
    if announced in (None, "0") and scope.headers.get("transfer-encoding") is None:
        return b""
    if announced is not None and (not announced.isdecimal() or int(announced) > most):
        await _discard(scope, exchange)
        return b""
    if announced is not None:
        return bytes(await exchange())
    received = bytearray()
    async for chunk in exchange:
        received += chunk
        if len(received) > most:
            await _discard(scope, exchange)
            break
    return bytes(received)


async def _discard(scope: Scope, exchange: Exchange) -> None:
    if scope.headers.get("expect") is not None:
        return  # this client asks before it sends
    with suppress(TimeoutError, ProtocolClosed, ProtocolError):
        async with asyncio.timeout(DISCARD_SECONDS):
            async for _ in exchange:
                pass


def _environ(scope: Scope, body: bytes, most: int) -> dict[str, Any]:
    headers = dict(_headers(scope.headers.items()))
    announced = headers.pop("HTTP_CONTENT_LENGTH", "")
    too_long = announced.isdecimal() and int(announced) > most
    host, _, port = scope.server.rpartition(":")
    headers.pop("HTTP_TRANSFER_ENCODING", None)
    return {
        "REQUEST_METHOD": scope.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": scope.path.encode().decode("latin-1"),
        "QUERY_STRING": scope.query_string,
        "RAW_URI": quote(scope.path) + (f"?{scope.query_string}" if scope.query_string else ""),
        "CONTENT_TYPE": headers.pop("HTTP_CONTENT_TYPE", ""),
        "CONTENT_LENGTH": announced if too_long else str(len(body)),
        "SERVER_NAME": host,
        "SERVER_PORT": port,
        "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
        "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.scheme,
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        **headers,
    }


def _headers(given: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """By their CGI names; one that comes several times is one list."""
    found: dict[str, str] = {}
    for name, value in given:
        key = f"HTTP_{name.upper().replace('-', '_')}"
        between = "; " if name == "cookie" else ","
        found[key] = f"{found[key]}{between}{value}" if key in found else value
    return iter(found.items())


class _BodyAsked(BaseException):
    """The application reads a body that was not received; no handler of errors is meant to see this."""


class _NotReceived(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise _BodyAsked


def _run_unread(app: WSGIApplication, scope: Scope, most: int) -> Answer | None:
    """The answer to a large request that needs none of its body: a log-in or a key that is missing. Null
    where the application goes on to read it.
    """
    environ = _environ(scope, b"", most) | {
        "CONTENT_LENGTH": scope.headers.get("content-length") or "",
        "wsgi.input": _NotReceived(),
        "wsgi.input_terminated": True,
    }
    try:
        return _run(app, environ)
    except _BodyAsked:
        return None


def _run(app: WSGIApplication, environ: dict[str, Any]) -> Answer:
    began: list[tuple[str, Headers]] = []

    def start(status: str, headers: Headers, exc_info: object = None) -> Callable[[bytes], object]:
        del exc_info
        began[:] = [(status, headers)]
        return lambda _: None

    chunks = app(environ, start)
    try:
        data = b"".join(chunks)
    finally:
        if hasattr(chunks, "close"):
            chunks.close()
    (status, headers) = began[0]
    return int(status[:3]), headers, b"" if environ["REQUEST_METHOD"] == "HEAD" else data
