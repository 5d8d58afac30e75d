"""Calls to a provider, several at a time where it allows that."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

from bot.debit.port import DebitProvider

SECONDS = 4.0
"""No batch is begun after so long: one sweep must not hold up the others, nor the end of the process."""

Item = TypeVar("Item")


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
