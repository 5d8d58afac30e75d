"""What changes reaches an open page by itself, on both databases, in a stream that takes no thread."""

import asyncio
import json
import threading
from collections.abc import Coroutine
from datetime import datetime
from types import SimpleNamespace
from typing import Any, TypeVar

from granian.rsgi import ProtocolClosed
from sqlalchemy import Engine

from bot import handoff
from bot.web import server
from bot.web.desk_feed import MOST_NAMED, THREAD, Change, DeskFeed, Subscription
from tests.desk import Desk, waiting_for_a_person
from tests.talk import talk

T = TypeVar("T")
SECONDS = 20
"""Far more than it takes."""


def run(steps: Coroutine[Any, Any, T]) -> T:
    """No thread of a feed outlives its database."""
    found = asyncio.run(steps)
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join(SECONDS)
    return found


def test_only_what_a_page_may_show_is_reported(engine: Engine, now: datetime) -> None:
    ana = talk(engine, now)
    here, reported = ana.conversation, list[Change | None]()

    async def steps() -> None:
        with DeskFeed(engine).subscribe() as mine:
            mine.add = lambda changes: (reported.extend(changes or [None]), mine.changed.set())  # type: ignore[method-assign,assignment,func-returns-value]

            async def until(wanted: Change | None) -> None:
                async with asyncio.timeout(SECONDS):
                    while wanted not in reported:
                        await mine.changed.wait()
                        mine.changed.clear()

            await until(None)  # it listens
            await asyncio.to_thread(ana.say, "hola")  # the bot's alone, and nobody looks
            await asyncio.to_thread(handoff.arrive, ana.services, 1, here)
            await until((here, False))
            assert reported == [None, (here, False)]
            await asyncio.to_thread(ana.say, "gracias")
            await asyncio.to_thread(handoff.leave, ana.services, 1, here)
            await asyncio.to_thread(ana.say, "quiero hablar con un asesor")
            await until((here, True))
            assert len(reported) > 3, "a message was seen by who looked"

    run(steps())


def test_many_changes_are_one() -> None:
    mine = Subscription()
    mine.add([(number, False) for number in range(MOST_NAMED + 1)])
    assert mine.take() == {"queue": True, "conversations": [], "all": True}
    mine.add(None)
    assert mine.take()["all"]
    mine.add([(1, False), (1, True), (None, True)])
    assert mine.take() == {"queue": True, "conversations": [1], "all": False}


class Browser:
    """The other end of a stream, which leaves at its third event."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.answered: list[int] = []
        self.looks = asyncio.Event()

    def response_stream(self, status: int, headers: server.Headers) -> "Browser":
        assert ("Cache-Control", "no-store") in headers
        self.answered.append(int(status))
        return self

    def response_bytes(self, status: int, headers: server.Headers, body: bytes) -> None:
        del headers, body
        self.answered.append(int(status))

    async def send_str(self, data: str) -> None:
        self.lines.append(data)
        if len(self.lines) == 2:
            self.looks.set()
        elif len(self.lines) > 2:
            raise ProtocolClosed


def test_a_stream_is_for_who_is_logged_in(sqlite_engine: Engine, now: datetime) -> None:
    ana = waiting_for_a_person(sqlite_engine, now)
    desk = Desk(ana, "agent@b.mx")
    cookie = desk.client.get_cookie("session", path="/console", domain="localhost")
    assert cookie is not None

    async def ask(cookies: dict[str, str]) -> Browser:
        browser = Browser()
        scope = SimpleNamespace(
            proto="http",
            http_version="1.1",
            server="localhost:443",
            client="127.0.0.1:1",
            scheme="https",
            method="GET",
            path="/console/changes",
            query_string="",
            headers=cookies,
        )
        feed = DeskFeed(sqlite_engine)
        answer = asyncio.create_task(server.bridge(desk.client.application, feed)(scope, browser))
        if cookies:
            await browser.looks.wait()
            await asyncio.to_thread(desk.act, "take")
        async with asyncio.timeout(SECONDS):
            await answer
        return browser

    assert run(ask({})).answered == [401]
    streamed = run(ask({"cookie": f"session={cookie.value}"}))
    assert streamed.answered == [200]
    assert "event: ready" in streamed.lines[0]
    assert json.loads(streamed.lines[2].removeprefix("data: ")) == {
        "queue": True,
        "conversations": [ana.conversation],
        "all": False,
    }
