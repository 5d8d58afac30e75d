"""Calls to a provider, several at a time where it allows that."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from threading import Event, Lock
from typing import TypeVar

from bot.debit.port import DebitProvider

SECONDS = 4.0
"""No batch is begun after so long: one sweep must not hold up the others, nor the end of the process."""

Item = TypeVar("Item")
Result = TypeVar("Result")


class Pace:
    """At most so many a second, evenly; with 0, as many as come."""

    def __init__(self, per_second: float) -> None:
        self._pause = 1 / per_second if per_second else 0.0
        self._next, self._lock = 0.0, Lock()

    def wait(self) -> None:
        if not self._pause:
            return
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._pause
        time.sleep(mine - now)


def call_in_groups(
    provider: DebitProvider,
    items: Sequence[Item],
    call: Callable[[Item], Result],
    stops: Callable[[Result], bool],
) -> Iterator[list[tuple[Item, Result | None]]]:
    """Results as they come, those that came meanwhile together; null for what was not called, because the
    result of another `stops` the rest.
    """
    stopped, pace = Event(), Pace(provider.capabilities.calls_per_second)

    def work(item: Item) -> Result | None:
        if stopped.is_set():
            return None
        pace.wait()
        result = call(item)
        if stops(result):
            stopped.set()
        return result

    if provider.capabilities.parallel_calls == 1:
        for item in items:
            yield [(item, work(item))]
        return
    with ThreadPoolExecutor(provider.capabilities.parallel_calls) as pool:
        waiting = {pool.submit(work, item): item for item in items}
        while waiting:
            finished, _ = wait(waiting, return_when=FIRST_COMPLETED)
            yield [(waiting.pop(future), future.result()) for future in finished]


def call_each(
    provider: DebitProvider,
    items: Iterable[Item],
    call: Callable[[Item], bool],
    skip: Callable[[Item], None] = lambda _item: None,
) -> bool:
    """`call` for each, until one answers that the next would fail alike: the rest is handed to `skip`.
    Whether all were called.
    """
    stopped = Event()

    def work(item: Item) -> None:
        if stopped.is_set():
            skip(item)
        elif not call(item):
            stopped.set()

    if provider.capabilities.parallel_calls == 1:
        for item in items:
            work(item)
    else:
        with ThreadPoolExecutor(provider.capabilities.parallel_calls) as pool:
            list(pool.map(work, items))
    return not stopped.is_set()
