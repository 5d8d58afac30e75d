"""Twilio's receipts, past the application: three come of every message, and what Flask does around one costs
more than keeping it. Those that come while the thread is busy are kept together.
"""

import asyncio
from asyncio import AbstractEventLoop, Future
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Executor
from http import HTTPStatus
from uuid import uuid4

import structlog

from bot.channels.twilio import EMPTY_TWIML, TWIML_TYPE, Posted, plain_receipt
from bot.outreach import keep_receipt
from bot.services import Services
from bot.web.server import Answer, Scope

log = structlog.get_logger(__name__)

PATH = "/webhooks/twilio/status"
GATHER_SECONDS = 0.01
"""How long the first of several waits for others: Twilio waits 15 seconds for the answer."""


class Receipts:
    """Those of one event loop; `thread` is the one that answers."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._waiting: deque[tuple[Posted, Future[bool]]] = deque()
        self._asked = False

    async def answer(self, scope: Scope, body: bytes, thread: Executor) -> Answer | None:
        """To a plain receipt that is durable now; null for all else, which is the application's to answer."""
        if scope.path != PATH or scope.method != "POST":
            return None
        mimetype = scope.headers.get("content-type", "").partition(";")[0].strip().lower()
        signature = scope.headers.get("x-twilio-signature", "")
        posted = Posted(scope.path, scope.query_string, mimetype, signature, body)
        if not await self._kept(posted, thread):
            return None
        headers = [("content-type", TWIML_TYPE), ("x-request-id", uuid4().hex)]
        return HTTPStatus.OK, headers, EMPTY_TWIML.encode()

    async def _kept(self, posted: Posted, thread: Executor) -> bool:
        loop = asyncio.get_running_loop()
        kept: Future[bool] = loop.create_future()
        self._waiting.append((posted, kept))
        if not self._asked:
            self._asked = True
            loop.call_later(GATHER_SECONDS, thread.submit, self._keep, loop)
        return await kept

    def _keep(self, loop: AbstractEventLoop) -> None:
        """In the thread."""
        self._asked = False  # before it looks: what comes from here on asks again
        batch = [self._waiting.popleft() for _ in range(len(self._waiting))]
        try:
            kept = self._stored([posted for posted, _ in batch])
        except Exception as error:
            log.warning("receipts are left to the application", error=type(error).__name__)
            kept = [False] * len(batch)
        loop.call_soon_threadsafe(_answer, [future for _, future in batch], kept)

    def _stored(self, batch: Sequence[Posted]) -> list[bool]:
        """Which of them are plain receipts: all of these are durable once this returns."""
        found = [plain_receipt(self._services.settings, posted) for posted in batch]
        if plain := [receipt for receipt in found if receipt is not None]:
            keep_receipt(self._services, *plain)
        return [receipt is not None for receipt in found]


def _answer(waiting: Sequence["Future[bool]"], kept: Sequence[bool]) -> None:
    for future, is_kept in zip(waiting, kept, strict=True):
        if not future.done():
            future.set_result(is_kept)
