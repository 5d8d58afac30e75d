"""Celery on Redis, where ACUERDO_BROKER_URL is set: a task carries no data, only which sweep to run now.

What is due stands in the database. A task that is lost, doubled or late changes nothing: whoever takes it
runs the sweep only where its tick is still open, and workers look for open ticks themselves.
"""

import time
from typing import Any

import structlog
from celery import Celery
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

TASK = "acuerdo.sweep"
SOCKET_SECONDS = 2.0
AWAY_SECONDS = 10.0
"""After a failure the broker is left alone for so long: ticks are recorded all the same."""
EXPIRES_SECONDS = 60
"""An older task is dropped unread: its tick was taken from the database by then."""
VISIBILITY_SECONDS = 120
"""After this long what a dead worker had taken is given to another."""


def make_celery(url: str) -> Celery:
    app = Celery("acuerdo", broker=url)
    app.conf.update(
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="acuerdo",
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
        worker_cancel_long_running_tasks_on_connection_loss=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "visibility_timeout": VISIBILITY_SECONDS,
            "socket_timeout": SOCKET_SECONDS * 5,
            "socket_connect_timeout": SOCKET_SECONDS,
            "socket_keepalive": True,
        },
    )
    return app


class Broker:
    """Asks for sweeps. Where Redis is away nothing is asked for, and nothing is lost."""

    def __init__(self, app: Celery) -> None:
        self.app = app
        self._again_at = 0.0

    def ask_for(self, sweep: str) -> bool:
        """Whether it was asked for."""
        if time.monotonic() < self._again_at:
            return False
        try:
            self.app.send_task(TASK, (sweep,), retry=False, expires=EXPIRES_SECONDS)
        except (OperationalError, OSError) as error:
            self._again_at = time.monotonic() + AWAY_SECONDS
            log.warning("the broker is away: workers look at the database", error=type(error).__name__)
            return False
        return True


def make_broker(url: str) -> Broker:
    return Broker(make_celery(url))


def is_reachable(url: str) -> bool:
    """Whether Redis answers now: for `acuerdo doctor`."""
    connection: Any = make_celery(url).connection_for_write(connect_timeout=SOCKET_SECONDS)
    try:
        connection.ensure_connection(max_retries=1, interval_start=0, timeout=SOCKET_SECONDS)
    except (OperationalError, OSError):
        return False
    finally:
        connection.release()
    return True
