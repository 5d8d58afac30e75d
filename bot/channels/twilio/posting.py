"""Messages and Contents posted to Twilio, many at once: by one event loop in a thread of its own. The
package's own client costs a thread, and twice the work, for each call.
"""

import asyncio
import atexit
import os
import ssl
import threading
from collections import deque
from collections.abc import Coroutine, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import Any, TypeVar

import aiohttp
import certifi
import orjson
from yarl import URL

from bot.channels.transport import TransientFailure, UnknownOutcome
from bot.channels.twilio.http import refusal

THREADS = 16
"""For what the loop must wait for: the database, the package's own calls."""
CLOSE_SECONDS = 2.0
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_HEADERS = {"Accept": JSON, "User-Agent": "acuerdo"}

Result = TypeVar("Result")


class _Loop:
    """An event loop with one pool of connections; it ends with the process."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._given: deque[Coroutine[Any, Any, None]] = deque()
        self._under_way: set[asyncio.Task[None]] = set()
        self._woken = False
        self.loop.set_default_executor(ThreadPoolExecutor(THREADS, thread_name_prefix="twilio"))
        threading.Thread(target=self.loop.run_forever, name="twilio", daemon=True).start()
        self.session = asyncio.run_coroutine_threadsafe(self._open(), self.loop).result()
        atexit.register(self._close)

    def begin(self, work: Coroutine[Any, Any, Result]) -> Future[Result]:
        """The loop is woken once for all that was given to it since it last looked: waking it costs a tenth
        of what a message does.
        """
        future: Future[Result] = Future()
        self._given.append(_fulfil(future, work))
        if not self._woken:
            self._woken = True
            self.loop.call_soon_threadsafe(self._start)
        return future

    def _start(self) -> None:
        self._woken = False  # before it looks: what is given from here on wakes it again
        while self._given:
            task = self.loop.create_task(self._given.popleft())
            self._under_way.add(task)  # the loop itself would let a task be collected before it ends
            task.add_done_callback(self._under_way.discard)

    async def _open(self) -> aiohttp.ClientSession:
        """No proxy, no .netrc, no cookies; as many connections as there are calls."""
        trusted = ssl.create_default_context(cafile=certifi.where())
        connector = aiohttp.TCPConnector(limit=0, ssl=trusted)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    def _close(self) -> None:
        if self.loop.is_running():
            asyncio.run_coroutine_threadsafe(self.session.close(), self.loop).result(CLOSE_SECONDS)


@cache
def running() -> _Loop:
    """Of this process, started on first use."""
    return _Loop()


os.register_at_fork(after_in_child=running.cache_clear)


def begin(work: Coroutine[Any, Any, Result]) -> Future[Result]:
    """Starts it on the loop."""
    return running().begin(work)


async def _fulfil(future: Future[Result], work: Coroutine[Any, Any, Result]) -> None:
    try:
        future.set_result(await work)
    except BaseException as error:
        future.set_exception(error)


@cache
def _limits(connect: float, read: float) -> aiohttp.ClientTimeout:
    """Made once: it checks each of its fields. A timer for each read costs more than it guards: one answer is
    all that is read.
    """
    return aiohttp.ClientTimeout(total=connect + read, sock_connect=connect)


async def post(
    url: str, authorization: str, body: str | bytes, seconds: tuple[float, float], kind: str = FORM
) -> Mapping[str, Any]:
    """The answer to a body of this `kind`; `seconds` to connect and to read. Raises the port's three
    failures, and UnknownOutcome for an answer without a `sid`.
    """
    headers = {"Authorization": authorization, "Content-Type": kind, **_HEADERS}
    call = running().session.post(
        url, data=body, headers=headers, timeout=_limits(*seconds), allow_redirects=False
    )
    try:
        async with call as answer:
            return content_of(answer.status, await answer.read(), answer.headers.get("Retry-After", ""))
    except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
        raise TransientFailure("connect") from error
    except TimeoutError as error:
        raise UnknownOutcome("timeout") from error
    except aiohttp.ClientError as error:
        raise UnknownOutcome("connection") from error


def encoded(form: Mapping[str, str]) -> str:
    """As HTML forms are; five times as fast as by `urllib`, which a tenth of a message went into."""
    return URL.build(query=form).raw_query_string


def content_of(status: int, body: bytes, retry_after: str = "") -> Mapping[str, Any]:
    """The object of an answer, with its `sid`. Raises the port's three failures for one that is none of
    success.
    """
    try:
        found = orjson.loads(body)
    except orjson.JSONDecodeError:
        found = None
    data: Mapping[str, Any] = found if isinstance(found, dict) else {}
    if not 200 <= status < 300:
        raise refusal(status, str(data.get("code") or status), retry_after)
    if not data.get("sid"):
        raise UnknownOutcome("answer")  # it answered, and nobody can read what
    return data
