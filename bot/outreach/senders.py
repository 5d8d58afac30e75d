"""Threads that wait for the provider: one slow answer holds up nobody else's message."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait

PATIENCE_SECONDS = 0.25
"""How long a batch is waited for; what takes longer goes on during the next one."""


class Senders:
    """At most `most` calls at once. One per worker; without one, messages go out one after the other."""

    def __init__(self, most: int = 12) -> None:
        self._most = most
        self._pool = ThreadPoolExecutor(most, thread_name_prefix="sender")
        self._in_flight: set[Future[None]] = set()

    def free(self) -> int:
        self._in_flight = {call for call in self._in_flight if not call.done()}
        return self._most - len(self._in_flight)

    def run(self, calls: Sequence[Callable[[], None]]) -> None:
        """Starts them all; returns when they are done, or after a moment."""
        started = [self._pool.submit(call) for call in calls]
        self._in_flight.update(started)
        wait(started, timeout=PATIENCE_SECONDS)

    def close(self) -> None:
        """Waits for what is under way."""
        self._pool.shutdown(wait=True)
