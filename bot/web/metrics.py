"""What operations watch: how much waits and since when, by whom it is held, when each job last ran.

Counted from the database when it is asked for, each question by its index: the same from any process, and
right after a restart.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.clock import system_now
from bot.jobs import ticks
from bot.services import Services
from bot.webhooks import last_position, list_endpoints
from models import (
    charge_table,
    conversation_table,
    event_table,
    mandate_table,
    message_table,
    posted_receipt_table,
    read_tx,
    setting_table,
    task_table,
    timer_table,
)
from models.base import word, words
from models.mandate import LIVE_STATES

_ALL = func.count()
DUE: dict[str, Select[*tuple[Any, ...]]] = {
    "messages": select(_ALL, func.min(message_table.c.not_before)).where(
        message_table.c.status == word("queued"), message_table.c.not_before <= bindparam("now")
    ),
    "events": select(_ALL, func.min(event_table.c.not_before)).where(
        event_table.c.done_at.is_(None), event_table.c.not_before <= bindparam("now")
    ),
    "timers": select(_ALL, func.min(timer_table.c.due_at)).where(
        timer_table.c.fired_at.is_(None), timer_table.c.due_at <= bindparam("now")
    ),
    "receipts": select(_ALL, func.min(posted_receipt_table.c.at)).where(
        posted_receipt_table.c.at <= bindparam("now")
    ),
}
"""What a worker should have taken up by now: how many, and the time of the oldest."""
HELD: dict[str, Select[*tuple[Any, ...]]] = {
    "conversations": select(conversation_table.c.handler, _ALL)
    .where(conversation_table.c.handler != word("bot"))
    .group_by(conversation_table.c.handler),
    "tasks": select(task_table.c.kind, _ALL)
    .where(task_table.c.done_at.is_(None))
    .group_by(task_table.c.kind),
    "charges": select(charge_table.c.status, _ALL)
    .where(
        charge_table.c.status.in_(
            words("planned", "notified", "submitting", "submitted", "processing", "unknown")
        )
    )
    .group_by(charge_table.c.status),
    "mandates": select(mandate_table.c.status, _ALL)
    .where(mandate_table.c.status.in_(words(*LIVE_STATES)))
    .group_by(mandate_table.c.status),
    "unsettled_messages": select(message_table.c.status, _ALL)
    .where(message_table.c.status.in_(words("sending", "unknown")))
    .group_by(message_table.c.status),
}
_HELP = {
    "conversations": "Conversations that need or have a person",
    "tasks": "Tasks that a person has not done yet",
    "charges": "Charges whose delivery is open",
    "mandates": "Mandates that have not ended",
    "unsettled_messages": "Messages that may have left: their delivery is being asked for",
}


LOGINS = select(setting_table.c.name, setting_table.c.value).where(setting_table.c.name.startswith("logins:"))


def registry(services: Services) -> CollectorRegistry:
    made = CollectorRegistry(auto_describe=False)
    made.register(_Waiting(services))
    return made


class _Waiting(Collector):
    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily("acuerdo_database_up", "Whether the database answers")
        try:
            found = list(self._counted())
        except SQLAlchemyError:
            found = []
        up.add_metric([], float(bool(found)))
        yield from (up, *found)

    def _counted(self) -> Iterator[Metric]:
        now = self._services.clock.now()
        with read_tx(self._services.engine) as connection:
            yield from _due(connection, now)
            for name, question in HELD.items():
                yield _by("acuerdo_" + name, _HELP[name], "is", connection.execute(question).all())
            logins = dict(connection.execute(LOGINS).all())
        yield _logins(logins)
        yield from _webhooks(self._services)
        claims = ticks.last_claims(self._services.engine).items()
        ages = [(job, (system_now() - at).total_seconds()) for job, at in claims if at]
        yield _by("acuerdo_job_age_seconds", "Since each job was last taken up", "job", ages)


def _logins(counted: Mapping[str, Mapping[str, int]]) -> CounterMetricFamily:
    family = CounterMetricFamily("acuerdo_logins", "Log-ins to the console, by outcome", labels=["outcome"])
    for outcome in ("failed", "throttled", "succeeded"):
        family.add_metric([outcome], float(counted.get(f"logins:{outcome}", {}).get("count", 0)))
    return family


def _webhooks(services: Services) -> Iterator[Metric]:
    """By the number of the address, as `acuerdo webhooks list` shows them; there are at most twenty."""
    with read_tx(services.engine) as connection:
        last = last_position(connection)
    rows = list_endpoints(services)
    behind = [(str(row.id), last - row.position + row.waiting) for row in rows]
    disabled = [(str(row.id), row.disabled_at is not None) for row in rows]
    yield _by("acuerdo_webhook_behind", "Events that an address has not taken yet", "endpoint", behind)
    yield _by("acuerdo_webhook_disabled", "Whether an address is disabled", "endpoint", disabled)


def _due(connection: Connection, now: datetime) -> Iterator[Metric]:
    found = {name: connection.execute(question, {"now": now}).one() for name, question in DUE.items()}
    yield _by(
        "acuerdo_due",
        "What a worker should have taken up by now",
        "what",
        [(name, row[0]) for name, row in found.items()],
    )
    ages = [(name, (now - row[1]).total_seconds() if row[1] else 0.0) for name, row in found.items()]
    yield _by("acuerdo_due_oldest_seconds", "For how long the oldest of it has been due", "what", ages)


def _by(name: str, documentation: str, label: str, rows: Iterable[Any]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, documentation, labels=[label])
    for key, value in rows:
        family.add_metric([key], float(value))
    return family
