"""Calls to the provider, many at once: one slow answer holds up nobody else's message. No transaction is open
while the provider is called.
"""

import time
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from threading import Condition
from typing import cast

import structlog

from bot import drill
from bot.channels import (
    Concurrent,
    Outgoing,
    PermanentFailure,
    Sent,
    TransientFailure,
    Transport,
    UnknownOutcome,
)
from bot.clock import system_now
from bot.outreach.sending import attempts
from bot.outreach.sending.outcomes import Tried, record
from bot.services import Services
from models import write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 0.25
"""How long room for the next batch is waited for; slow calls go on meanwhile."""
GATHER_SECONDS = 0.02
"""How long the first of several answers waits for others, to be recorded in one transaction with them."""
CLOSE_SECONDS = 3.0
FRESH = timedelta(seconds=0.5)
"""A claim older than this is confirmed before the call: it may have been taken up by another worker
meanwhile.
"""


@dataclass(frozen=True, slots=True)
class Call:
    """A message that was claimed at `claimed_at` (machine time) and marked `sending`."""

    row: AnyRow
    outgoing: Outgoing
    attempt_id: int
    claimed_at: datetime


def send(services: Services, transport: Transport, call: Call) -> None:
    """One call, waited for and recorded."""
    future: Future[Sent | None] = Future()
    try:
        future.set_result(_called(services, transport, call))
    except Exception as error:
        future.set_exception(error)
    if (tried := _tried(call, future)) is not None:
        record(services, [tried])


class Senders:
    """At most `most` calls at once, by `threads` where the transport needs one for each. One per worker."""

    def __init__(self, most: int = 64, threads: int = 12) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(min(most, threads), thread_name_prefix="sender")
        self._recorder = ThreadPoolExecutor(1, thread_name_prefix="recorder")
        self._under_way: set[Future[None]] = set()
        self._room = Condition()
        self._tried: deque[tuple[Tried, Future[None]]] = deque()
        self._gathering = False

    def free(self) -> int:
        return self._most - len(self._under_way)

    def run(self, services: Services, transport: Transport, calls: Sequence[Call]) -> None:
        """Starts them all; returns once half of the slots are free, or after a moment: a small batch costs
        more for each message.
        """
        at_once = transport if isinstance(transport, Concurrent) else None
        for call in calls:
            self._start(services, transport, at_once, call)
        with self._room:
            self._room.wait_for(self._is_half_free, timeout=PATIENCE_SECONDS)

    def _is_half_free(self) -> bool:
        return 2 * self.free() >= self._most

    def _free_slot(self, recorded: Future[None]) -> None:
        self._under_way.discard(recorded)
        if self._is_half_free():
            with self._room:
                self._room.notify()

    def close(self) -> None:
        """Waits for what is under way, and not for long: what is cut off is taken up, and asked after."""
        wait(self._under_way.copy(), timeout=CLOSE_SECONDS)
        self._pool.shutdown(wait=True)
        self._recorder.shutdown(wait=True)

    def _start(
        self, services: Services, transport: Transport, at_once: Concurrent | None, call: Call
    ) -> None:
        recorded: Future[None] = Future()
        self._under_way.add(recorded)
        recorded.add_done_callback(self._free_slot)
        begun = _begun(at_once, call)
        future = begun if begun is not None else self._pool.submit(_called, services, transport, call)
        future.add_done_callback(partial(self._answered, services, call, recorded))

    def _answered(
        self, services: Services, call: Call, recorded: Future[None], future: Future[Sent | None]
    ) -> None:
        """In the thread of the call, which waits for no database."""
        if (tried := _tried(call, future)) is None:
            recorded.set_result(None)
            return
        self._tried.append((tried, recorded))
        if not self._gathering:
            self._gathering = True
            self._recorder.submit(self._record, services)

    def _record(self, services: Services) -> None:
        """All that was answered by now: what is answered from here on is the next batch."""
        time.sleep(GATHER_SECONDS)
        self._gathering = False
        batch = [self._tried.popleft() for _ in range(len(self._tried))]
        if batch:
            record(services, [tried for tried, _ in batch])
        for _, recorded in batch:
            recorded.set_result(None)


def _begun(transport: Concurrent | None, call: Call) -> Future[Sent | None] | None:
    """Null where it must be called from a thread."""
    if transport is None or system_now() - call.claimed_at > FRESH:
        return None
    drill.passing("before_call")
    return cast("Future[Sent | None] | None", transport.begin(call.outgoing))


def _called(services: Services, transport: Transport, call: Call) -> Sent | None:
    """Null where the claim is no longer ours."""
    if system_now() - call.claimed_at > FRESH and not _still_mine(services, call.attempt_id):
        return None
    drill.passing("before_call")
    return transport.send(call.outgoing)


def _still_mine(services: Services, attempt_id: int) -> bool:
    with write_tx(services.engine) as connection:
        return attempts.still_mine(connection, attempt_id, system_now())


def _tried(call: Call, future: Future[Sent | None]) -> Tried | None:
    """Null where nothing was tried, or nobody knows what went wrong: then the claim stays and is taken up,
    and the provider will be asked what it knows.
    """
    try:
        outcome = future.result()
    except (TransientFailure, PermanentFailure, UnknownOutcome) as failure:
        drill.passing("after_call")
        return Tried(call.row, call.attempt_id, failure)
    except Exception:
        log.exception("sending raised", message=call.row.id, conversation=call.row.conversation_id)
        return None
    drill.passing("after_call")
    return Tried(call.row, call.attempt_id, outcome) if outcome is not None else None
