"""What changed, to the pages that are open: one thread of each web process waits for the database, and hands
on which conversations changed to the streams of `bot.web.server`.

On PostgreSQL it listens; on SQLite it asks the file five times a second whether anybody has committed, and
then reads what the triggers wrote (`models/desk.py`). Without an open stream there is no thread.
"""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import DBAPIError

from models import desk_change_table, read_autocommit
from models.desk import CHANNEL

THREAD = "desk-feed"
LOOK_SECONDS = 0.2
RETRY_SECONDS = 2.0
MOST_NAMED = 50
"""Conversations of one event: of more changes a page learns only that there were many."""
_NEWEST = select(func.coalesce(func.max(desk_change_table.c.id), 0))
_log = logging.getLogger(__name__)
Change = tuple[int | None, bool]
"""Which conversation, where it is one; whether a list of conversations or cases changed with it."""


class Subscription:
    """What has changed since an open page was last informed."""

    def __init__(self) -> None:
        self.changed = asyncio.Event()
        self._conversations: set[int] = set()
        self._queue = self._missed = False

    def add(self, changes: list[Change] | None) -> None:
        """Null: some may have been missed."""
        self._missed |= changes is None
        for conversation_id, queue in changes or ():
            self._queue |= queue
            if conversation_id is not None:
                self._conversations.add(conversation_id)
        self.changed.set()

    def take(self) -> dict[str, Any]:
        every = self._missed or len(self._conversations) > MOST_NAMED
        found = {
            "queue": self._queue or every,
            "conversations": [] if every else sorted(self._conversations),
            "all": every,
        }
        self._conversations.clear()
        self._queue = self._missed = False
        self.changed.clear()
        return found


class DeskFeed:
    """Of one process, and used on its event loop; the thread that waits for the database is its own."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: list[Subscription] = []
        self._stop = threading.Event()

    @contextmanager
    def subscribe(self) -> Iterator[Subscription]:
        mine = Subscription()
        self._open.append(mine)
        if len(self._open) == 1:
            self._stop = threading.Event()
            given = asyncio.get_running_loop(), self._stop
            threading.Thread(target=self._watch, args=given, name=THREAD, daemon=True).start()
        try:
            yield mine
        finally:
            self._open.remove(mine)
            if not self._open:
                self._stop.set()

    def _publish(self, changes: list[Change] | None) -> None:
        for each in self._open:
            each.add(changes)

    def _watch(self, loop: asyncio.AbstractEventLoop, stop: threading.Event) -> None:
        """Until it is to stop. A database that is lost is asked for again; changes meanwhile were missed."""
        changes = _listened if self._engine.dialect.name == "postgresql" else _looked_up
        errors = (DBAPIError, self._engine.dialect.loaded_dbapi.Error)
        with suppress(RuntimeError):  # the event loop has ended, and the process with it
            while not stop.is_set():
                try:
                    with read_autocommit(self._engine) as connection:
                        for found in changes(connection, stop):
                            loop.call_soon_threadsafe(self._publish, found)
                except errors as error:
                    _log.warning("the desk's changes cannot be read: %s", type(error).__name__)
                    loop.call_soon_threadsafe(self._publish, None)
                    stop.wait(RETRY_SECONDS)


def _listened(connection: Connection, stop: threading.Event) -> Iterator[list[Change] | None]:
    driver: Any = connection.connection.driver_connection
    driver.execute(f"LISTEN {CHANNEL}")
    yield None  # what changed before
    try:
        while not stop.is_set():
            for notice in driver.notifies(timeout=LOOK_SECONDS):
                conversation, _, queue = notice.payload.partition(":")
                yield [(int(conversation) if conversation else None, queue == "1")]
    finally:
        if not driver.closed:
            driver.execute(f"UNLISTEN {CHANNEL}")


def _looked_up(connection: Connection, stop: threading.Event) -> Iterator[list[Change] | None]:
    """Ids are in the order of commits: on SQLite one writes at a time."""
    driver: Any = connection.connection.driver_connection
    last, seen = connection.scalar(_NEWEST) or 0, None
    yield None  # what changed before
    while not stop.wait(LOOK_SECONDS):
        version = driver.execute("PRAGMA data_version").fetchone()
        if version == seen:
            continue
        seen, row = version, desk_change_table.c
        rows = connection.execute(
            select(row.id, row.conversation_id, row.queue).where(row.id > last).order_by(row.id)
        ).all()
        if rows:
            last = rows[-1].id
            yield [(each.conversation_id, each.queue) for each in rows]
