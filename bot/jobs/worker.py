"""Does due work without a broker: a thread for the outbox, one for turns that are due, one for each lane of
sweeps, one for the stand-ins.
"""

import signal
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from types import FrameType

import structlog

from bot import conversation, outreach
from bot.channels import make_transport
from bot.clock import system_now
from bot.jobs import ticks
from bot.jobs.sweeps import LANES, SWEEPS
from bot.services import Services

log = structlog.get_logger(__name__)

IDLE_SECONDS = 0.15
"""How long an idle loop sleeps: a reply leaves within 300 ms of its turn's commit."""
TURN_IDLE_SECONDS = 0.2
"""The same where turns are due that no message caused: nobody waits for one with the phone in hand."""
RECEIPT_IDLE_SECONDS = 0.3
"""The same of receipts: what they show is true within a second."""
LANE_IDLE_SECONDS = 0.5
"""The same of a lane of sweeps: their ticks come seconds apart."""
FULL = 32
"""A round of the outbox, or of receipts, that moved fewer is followed by a pause, as an idle one is: what
comes meanwhile is taken together, which costs each half as much.
"""
TROUBLE_SECONDS = 1.0
STOP_SECONDS = 4.0
"""How long all loops together may finish what they have in hand; what is cut off is still due."""


Loops = dict[str, Callable[[], int]]


def run(services: Services, more: Loops | None = None) -> None:
    """Works until SIGTERM or SIGINT; what is in hand is finished, the rest stays in the database. `more` are
    loops of the stand-ins.
    """
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    lanes: Loops = {lane: partial(sweep, services, stop.is_set, lane) for lane in LANES}
    senders = outreach.Senders()
    threads = start_watching(services, senders, stop)
    threads += start(more or {}, stop)
    threads += start(lanes, stop, LANE_IDLE_SECONDS)
    stop.wait()
    finish(threads)
    senders.close()


def start_watching(
    services: Services, senders: outreach.Senders, stop: threading.Event
) -> list[threading.Thread]:
    """What every worker looks for in the database itself, with a broker or without."""
    transport = make_transport(services)
    outbox: Loops = {"outbox": lambda: outreach.dispatch(services, transport, senders=senders)}
    others: Loops = {
        "changes": lambda: int(services.keep_current()),
        "turns": lambda: conversation.take_events(services) + conversation.fire_timers(services),
    }
    receipts: Loops = {"receipts": lambda: outreach.apply_receipts(services)}
    return (
        start(outbox, stop, full=FULL)
        + start(others, stop, TURN_IDLE_SECONDS)
        + start(receipts, stop, RECEIPT_IDLE_SECONDS, full=FULL)
    )


def start(
    loops: Loops, stop: threading.Event, idle_seconds: float = IDLE_SECONDS, full: int = 1
) -> list[threading.Thread]:
    """`full`: what a round moves at least where the next one follows at once."""
    threads = [
        threading.Thread(target=_loop, args=(name, work, stop, idle_seconds, full), name=name, daemon=True)
        for name, work in loops.items()
    ]
    for thread in threads:
        thread.start()
    return threads


def finish(threads: list[threading.Thread]) -> None:
    """Waits for what each has in hand, and not for long."""
    until = time.monotonic() + STOP_SECONDS
    for thread in threads:
        thread.join(timeout=max(0.0, until - time.monotonic()))


def _loop(name: str, work: Callable[[], int], stop: threading.Event, idle_seconds: float, full: int) -> None:
    """A loop whose work raises logs it and goes on: what it did not finish is still due."""
    while not stop.is_set():
        try:
            idle = work() < full
        except Exception:
            log.exception("work raised", loop=name)
            stop.wait(TROUBLE_SECONDS)
            continue
        if idle:
            stop.wait(idle_seconds)


def sweep(services: Services, stopping: Callable[[], bool] = lambda: False, lane: str = "due") -> int:
    """Runs the sweeps of a lane whose ticks are open; how many rows they moved. One that raises keeps its
    tick, and none of the others from running.
    """
    return run_ticks(services, LANES[lane], stopping)


def run_ticks(
    services: Services,
    names: Sequence[str],
    stopping: Callable[[], bool] = lambda: False,
    waiting: timedelta | None = None,
) -> int:
    """The same for these sweeps; with `waiting`, where their ticks have been open for so long."""
    jobs = ticks.claim(services.engine, system_now(), names, waiting)
    moved = 0
    for name in (name for name in names if name in jobs):
        if stopping():
            ticks.release(services.engine, names)
            return moved
        try:
            moved += SWEEPS[name].run(services)
        except Exception:
            log.exception("sweep raised", sweep=name)
            continue
        ticks.done(services.engine, name, system_now())
    return moved
