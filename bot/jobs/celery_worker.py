"""A worker where there is a broker: a Celery worker that runs the sweeps asked for, and next to it the loops
that look at the database themselves.
"""

import os
import threading
import time
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from celery import Celery, signals

from bot.jobs import ticks
from bot.jobs.broker import TASK, make_celery
from bot.jobs.sweeps import LANES, SWEEPS
from bot.jobs.worker import STOP_SECONDS, Loops, finish, run_ticks, start, start_watching
from bot.outreach import Senders
from bot.services import Services

log = structlog.get_logger(__name__)

LATE = timedelta(seconds=5)
"""A tick that nobody took for so long was not asked for, or its task is lost."""
LATE_IDLE_SECONDS = 2.0
"""How often each lane is looked at for those."""


def run(services: Services, more: Loops | None = None) -> None:
    """Works until SIGTERM or SIGINT. Redis away: the loops take the ticks, a few seconds later."""
    stop = threading.Event()
    assert services.settings.broker_url, "this worker is for a broker"
    app = make_celery(services.settings.broker_url)
    register(app, services)

    @signals.worker_shutting_down.connect(weak=False)  # type: ignore[untyped-decorator]
    def end(**_: Any) -> None:
        stop.set()
        threading.Thread(target=_cut_off, args=(services,), daemon=True).start()

    senders = Senders()
    threads = start_watching(services, senders, stop)
    threads += start(more or {}, stop)
    threads += start(late_sweeps(services, stop), stop, LATE_IDLE_SECONDS)
    worker = app.Worker(
        pool="threads",
        concurrency=services.settings.worker_concurrency,
        loglevel="WARNING",
        without_gossip=True,
        without_mingle=True,
        quiet=True,
    )
    worker.start()
    finish(threads)
    senders.close()


def register(app: Celery, services: Services) -> None:
    """The one task there is."""

    @app.task(name=TASK)  # type: ignore[untyped-decorator]
    def sweep(name: str) -> None:
        if name in SWEEPS:  # of another version: its own workers take it from the database
            run_ticks(services, [name])


def late_sweeps(services: Services, stop: threading.Event) -> Loops:
    return {
        f"late {lane}": partial(run_ticks, services, names, stop.is_set, LATE)
        for lane, names in LANES.items()
    }


def _cut_off(services: Services) -> None:
    """Celery waits for what runs, however long. What is cut off is still due, and taken by another."""
    time.sleep(STOP_SECONDS)
    log.warning("cut off", pid=os.getpid())
    ticks.release(services.engine, list(SWEEPS))
    os._exit(0)
