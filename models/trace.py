"""One identity for all that a request causes: the message, its turn, what it records and sends, the receipts.

It stands in the rows that go from one process to another, and in each line of the logs.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import uuid4

LENGTH = 32
_current: ContextVar[str | None] = ContextVar("trace", default=None)


def current_trace() -> str | None:
    """Null where nothing is traced."""
    return _current.get()


def begin_trace() -> str:
    """A new identity, until the next one of this thread: for a server's request."""
    trace = uuid4().hex
    _current.set(trace)
    return trace


@contextmanager
def traced(trace: str | None) -> Iterator[None]:
    """What is done within belongs to `trace`; to a new one where it is null."""
    before = _current.set(trace or uuid4().hex)
    try:
        yield
    finally:
        _current.reset(before)
