"""The clock: records which sweep is due, and nothing else. Losing it, or running several, loses and doubles
nothing.
"""

import signal
from types import FrameType
from typing import TYPE_CHECKING

from apscheduler.schedulers.blocking import BlockingScheduler

from bot.clock import system_now
from bot.jobs import ticks
from bot.jobs.sweeps import SWEEPS
from bot.services import Services

if TYPE_CHECKING:
    from bot.jobs.broker import Broker


def run(services: Services) -> None:
    """Records ticks until SIGTERM or SIGINT."""
    broker = _broker(services)
    scheduler = BlockingScheduler(
        timezone="UTC", executors={"default": {"type": "threadpool", "max_workers": 1}}
    )
    for name, sweep in SWEEPS.items():
        scheduler.add_job(
            _record,
            "interval",
            seconds=sweep.every_seconds,
            args=(services, broker, name, sweep.every_seconds),
            id=name,
            coalesce=True,
            misfire_grace_time=None,
            max_instances=1,
            next_run_time=system_now(),
        )

    def stop(_signal: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def _broker(services: Services) -> "Broker | None":
    """Loads Celery only where there is one to be asked."""
    if not services.settings.broker_url:
        return None
    from bot.jobs.broker import make_broker

    return make_broker(services.settings.broker_url)


def _record(services: Services, broker: "Broker | None", name: str, every_seconds: int) -> None:
    """Of several schedulers the one whose tick is new asks for the sweep."""
    if ticks.record(services.engine, name, every_seconds, system_now()) and broker is not None:
        broker.ask_for(name)
