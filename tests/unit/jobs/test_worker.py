"""The loops of a worker."""

import threading

from bot.jobs.worker import start


def test_a_round_that_is_not_full_is_followed_by_a_pause() -> None:
    moved, pauses = [40, 32, 5, 0], []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            pauses.append((timeout, len(moved)))
            if not moved:
                self.set()
            return True

    stop = Stop()
    (thread,) = start({"outbox": lambda: moved.pop(0)}, stop, 0.08, full=32)
    thread.join(10)
    assert pauses == [(0.08, 1), (0.08, 0)]
