"""The sweep that delivers the feed: to each address in order per loan, at least once, for three days.

An address has a cursor. What it takes leaves no trace but the cursor; what it does not take waits in
`webhook_delivery`, and everything later of the same loan waits behind it, while other loans go on. Killed
anywhere, the batch is sent again under the same ids.
"""

import os
import socket
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

import structlog
from requests import Session
from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from bot import drill
from bot.clock import system_now
from bot.reach import NewTask, open_task
from bot.services import Services
from bot.webhooks.addresses import guarded_session, networks
from bot.webhooks.endpoints import keep_endpoint_of_settings, secrets_of
from bot.webhooks.feed import FeedItem, events_after, events_at, number_events
from bot.webhooks.sending import Answer, post
from models import feed_event_table, read_tx, webhook_delivery_table, webhook_endpoint_table, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

ME = f"{socket.gethostname()[:20]}:{os.getpid()}"
FRESH, RETRIED = 200, 100
"""Of a batch: from the feed, and of what waits."""
MOST_WAITING = 50
"""Loans that wait at one address: from so many on it is taken to be down, and nothing fresh is sent."""
FAILURES = 5
"""So many in a row within a batch, and the rest of it waits unsent."""
SEND_SECONDS = 25.0
"""No delivery is begun after so long: the batch is over before its claim is."""
CLAIM = timedelta(seconds=60)
SWEEP_SECONDS = 20.0
BACKOFF = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 4 * 3600, 6 * 3600)
)
"""After each attempt; the last one again and again."""
PATIENCE = timedelta(days=3)

Now = Callable[[], datetime]


def deliver(services: Services, now: Now = system_now) -> int:
    """Numbers what was committed and delivers it; how many deliveries were tried."""
    until, tried = time.monotonic() + SWEEP_SECONDS, 0
    while number_events(services.engine) and time.monotonic() < until:
        continue
    keep_endpoint_of_settings(services)
    while time.monotonic() < until:
        rows = _due(services, now())
        sent = sum(_deliver_to(services, row, now) for row in rows)
        tried += sent
        if not sent:
            break
    return tried


_WAITING = webhook_delivery_table.c.given_up_at.is_(None)
_HEADS = (
    select(webhook_delivery_table.c.endpoint_id, func.min(webhook_delivery_table.c.position).label("head"))
    .where(_WAITING)
    .group_by(webhook_delivery_table.c.endpoint_id, webhook_delivery_table.c.lane)
    .subquery()
)
_DUE_HEADS = (
    select(webhook_delivery_table)
    .join(
        _HEADS,
        (_HEADS.c.endpoint_id == webhook_delivery_table.c.endpoint_id)
        & (_HEADS.c.head == webhook_delivery_table.c.position),
    )
    .where(webhook_delivery_table.c.next_at <= bindparam("at"))
    .order_by(webhook_delivery_table.c.next_at, webhook_delivery_table.c.position)
)
"""The first that waits of each loan, where its time has come."""


def _due(services: Services, at: datetime) -> Sequence[AnyRow]:
    """Addresses that have something to be sent and are nobody's at this moment."""
    endpoints = webhook_endpoint_table
    last = select(func.max(feed_event_table.c.position)).scalar_subquery()
    heads = _DUE_HEADS.with_only_columns(webhook_delivery_table.c.endpoint_id).order_by(None)
    query = (
        select(endpoints)
        .where(
            endpoints.c.disabled_at.is_(None),
            or_(endpoints.c.paused_until.is_(None), endpoints.c.paused_until <= at),
            _unclaimed(at),
            or_(endpoints.c.position < last, endpoints.c.id.in_(heads)),
        )
        .order_by(endpoints.c.id)
    )
    with read_tx(services.engine) as connection:
        return connection.execute(query, {"at": at}).all()


def _unclaimed(at: datetime) -> Any:
    return or_(
        webhook_endpoint_table.c.claimed_at.is_(None),
        webhook_endpoint_table.c.claimed_at < at - CLAIM,
        webhook_endpoint_table.c.claimed_at > at + CLAIM,
    )


@dataclass(slots=True)
class Job:
    """An event to be sent; `waiting` is its row where it was tried before, or waits behind one that was."""

    item: FeedItem
    waiting: AnyRow | None
    answer: Answer | None = None
    """Null where it was not sent in this batch."""
    held: bool = False
    """Not sent because the address takes nothing at this moment."""


def _deliver_to(services: Services, row: AnyRow, now: Now) -> int:
    at = now()
    claimed = (
        update(webhook_endpoint_table)
        .where(
            webhook_endpoint_table.c.id == row.id,
            webhook_endpoint_table.c.position == row.position,
            _unclaimed(at),
        )
        .values(claimed_by=ME, claimed_at=at)
    )
    with write_tx(services.engine) as connection:
        if connection.execute(claimed).rowcount != 1:
            return 0
    try:
        with read_tx(services.engine) as connection:
            lanes, blocked = _batch(connection, row, at)
        secrets = secrets_of(services, row, at)
        if secrets:
            _send(services, row.url, secrets, lanes, now)
        drill.passing("after_webhooks")
        jobs = [job for lane in lanes for job in lane]
        reason = None if secrets else "its secret cannot be read"
        return _record(services, row, at, [*jobs, *blocked], now(), reason)
    except BaseException:
        _free(services, row, at)
        raise


def _batch(connection: Connection, row: AnyRow, at: datetime) -> tuple[list[list[Job]], list[Job]]:
    """What is sent, by lane and in order; and what waits behind something that does not go now."""
    waiting = connection.execute(
        _DUE_HEADS.where(webhook_delivery_table.c.endpoint_id == row.id).limit(RETRIED), {"at": at}
    ).all()
    items = {item.position: item for item in events_at(connection, [each.position for each in waiting])}
    lanes = [[Job(items[each.position], each)] for each in waiting]
    taken = set(
        connection.scalars(
            select(webhook_delivery_table.c.lane)
            .where(webhook_delivery_table.c.endpoint_id == row.id, _WAITING)
            .distinct()
        )
    )
    fresh: dict[str, list[Job]] = defaultdict(list)
    blocked: list[Job] = []
    if len(taken) < MOST_WAITING:
        for item in events_after(connection, row.position, FRESH):
            job = Job(item, None)
            (blocked if item.lane in taken else fresh[item.lane]).append(job)
    return [*lanes, *fresh.values()], blocked


def _send(
    services: Services, url: str, secrets: tuple[str, ...], lanes: Iterable[list[Job]], now: Now
) -> None:
    """Each lane in order, up to the first that is not taken; lanes at the same time, until the address asks
    for time.
    """
    until, failures, lock = time.monotonic() + SEND_SECONDS, 0, threading.Lock()
    asked_to_wait = threading.Event()
    settings = services.settings
    session = _session(settings.webhook_parallel_calls, settings.simulated, settings.webhook_networks)

    def run(lane: list[Job]) -> None:
        nonlocal failures
        for job in lane:
            if time.monotonic() > until or failures >= FAILURES or asked_to_wait.is_set():
                job.held = failures >= FAILURES
                return
            job.answer = post(session, url, secrets, job.item.body, now())
            _report(job.item, job.answer)
            with lock:
                failures = 0 if job.answer.taken else failures + 1
            if job.answer.wait_seconds:
                asked_to_wait.set()
            if not job.answer.taken:
                return

    with ThreadPoolExecutor(settings.webhook_parallel_calls) as pool:
        list(pool.map(run, lanes))


def _report(item: FeedItem, answer: Answer) -> None:
    ids = {"trace": item.trace, "webhook": item.body["id"], "kind": item.body["type"]}
    log.info("webhook sent", **ids, taken=answer.taken, answer=answer.text)


@lru_cache(maxsize=2)
def _session(parallel: int, simulated: bool, listed: str) -> Session:
    """Kept for the process: connections stay open between sweeps."""
    return guarded_session(parallel, None if simulated else networks(listed))


def _free(services: Services, row: AnyRow, claimed_at: datetime) -> None:
    with write_tx(services.engine) as connection:
        connection.execute(_mine(row, claimed_at).values(claimed_by=None, claimed_at=None))


def _mine(row: AnyRow, claimed_at: datetime) -> Any:
    """Guards what is written: whoever lost the claim, or was overtaken by a replay, changes nothing."""
    endpoints = webhook_endpoint_table
    return update(endpoints).where(
        endpoints.c.id == row.id,
        endpoints.c.claimed_by == ME,
        endpoints.c.claimed_at == claimed_at,
        endpoints.c.position == row.position,
    )


def _record(
    services: Services,
    row: AnyRow,
    claimed_at: datetime,
    jobs: Sequence[Job],
    at: datetime,
    reason: str | None,
) -> int:
    """The cursor passes the batch; what was not taken waits. How many were sent."""
    sent = [job for job in jobs if job.answer is not None]
    answers = [job.answer for job in sent if job.answer is not None]
    success = any(answer.taken for answer in answers)
    if any(answer.gone for answer in answers):
        reason = "it answered 410 Gone"
    waits = [] if reason and not sent else [job for job in jobs if job.answer is None or not job.answer.taken]
    passed = (
        row.position if reason and not sent else max([row.position, *(job.item.position for job in jobs)])
    )
    succeeded_at = at if success else row.succeeded_at
    given_up, reason = _over(waits, succeeded_at, at, reason)
    values: dict[str, Any] = {
        "position": passed,
        "claimed_by": None,
        "claimed_at": None,
        "succeeded_at": succeeded_at,
        "paused_until": at + max(map(_asked, answers), default=timedelta()),
        "last_answer": answers[-1].text if answers else row.last_answer,
    }
    if reason:
        values |= {"disabled_at": at, "disabled_because": reason}
    with write_tx(services.engine) as connection:
        if connection.execute(_mine(row, claimed_at).values(**values)).rowcount != 1:
            return 0
        was_down = success and _was_down(connection, row)
        _keep_waiting(connection, row.id, waits, at)
        _forget(connection, [job for job in sent if job.answer and job.answer.taken])
        if was_down:
            _try_all(connection, row.id, at)
        for job in given_up:
            _give_up(connection, services, row, job, at)
        if reason:
            _open_case(connection, services, row, "webhook_disabled", f"{at:%Y-%m-%dT%H}", reason=reason)
    return len(sent)


def _over(
    waits: Sequence[Job], succeeded_at: datetime | None, at: datetime, reason: str | None
) -> tuple[list[Job], str | None]:
    """What has been refused for three days while others were taken; where nothing was taken in that time, the
    address itself is disabled, and all waits for it.
    """
    tired = [
        job
        for job in waits
        if job.answer and job.waiting is not None and at - (job.waiting.failing_since or at) >= PATIENCE
    ]
    if tired and (succeeded_at is None or at - succeeded_at >= PATIENCE):
        return [], reason or "nothing was taken for three days"
    return tired, reason


def _keep_waiting(connection: Connection, endpoint: int, waits: Sequence[Job], at: datetime) -> None:
    rows = [_waiting(endpoint, job, at) for job in waits]
    new = [row for row, job in zip(rows, waits, strict=True) if job.waiting is None]
    old = [
        {"row": job.waiting.id, **{f"new_{name}": row[name] for name in _CHANGING}}
        for row, job in zip(rows, waits, strict=True)
        if job.waiting is not None and (job.answer is not None or job.held)
    ]
    if new:
        connection.execute(insert(webhook_delivery_table), new)
    if old:
        connection.execute(_TRIED, old)


_CHANGING = ("attempts", "failing_since", "next_at", "last_answer")
_TRIED = (
    update(webhook_delivery_table)
    .where(webhook_delivery_table.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in _CHANGING})
)


def _waiting(endpoint: int, job: Job, at: datetime) -> dict[str, Any]:
    before = job.waiting
    if job.answer is None:
        pause, asked = BACKOFF[1] if job.held else timedelta(), timedelta()
    else:
        tried = (before.attempts if before else 0) + 1
        pause = BACKOFF[min(tried, len(BACKOFF)) - 1]
        asked = _asked(job.answer)
    attempts = (before.attempts if before else 0) + (job.answer is not None)
    since = (before.failing_since if before else None) or (at if job.answer else None)
    return {
        "endpoint_id": endpoint,
        "position": job.item.position,
        "lane": job.item.lane,
        "attempts": attempts,
        "failing_since": since,
        "next_at": at + max(pause, asked),
        "last_answer": job.answer.text if job.answer else before.last_answer if before else None,
    }


def _asked(answer: Answer) -> timedelta:
    return min(timedelta(seconds=answer.wait_seconds), BACKOFF[-1])


def _forget(connection: Connection, taken: Iterable[Job]) -> None:
    ids = [job.waiting.id for job in taken if job.waiting is not None]
    if ids:
        connection.execute(delete(webhook_delivery_table).where(webhook_delivery_table.c.id.in_(ids)))


def _was_down(connection: Connection, row: AnyRow) -> bool:
    """Whether something began to fail after what was taken last, before this batch."""
    failing = select(webhook_delivery_table.c.id).where(
        webhook_delivery_table.c.endpoint_id == row.id,
        _WAITING,
        webhook_delivery_table.c.attempts > 0
        if row.succeeded_at is None
        else webhook_delivery_table.c.failing_since > row.succeeded_at,
    )
    return connection.scalar(failing.limit(1)) is not None


def _try_all(connection: Connection, endpoint: int, at: datetime) -> None:
    """It is up again: what waited for that goes at once."""
    this = webhook_delivery_table.c.endpoint_id == endpoint
    later = webhook_delivery_table.c.next_at > at + BACKOFF[0]
    connection.execute(
        update(webhook_delivery_table).where(this, _WAITING, later).values(next_at=at + BACKOFF[0])
    )


def _give_up(connection: Connection, services: Services, row: AnyRow, job: Job, at: datetime) -> None:
    assert job.waiting is not None, "only what was tried is given up"
    answer = job.answer.text if job.answer else ""
    this = webhook_delivery_table.c.id == job.waiting.id
    connection.execute(update(webhook_delivery_table).where(this).values(given_up_at=at))
    position = job.item.position
    _open_case(
        connection,
        services,
        row,
        "webhook_refused",
        str(position),
        event=f"evt_{position}",
        answer=answer,
    )


def _open_case(
    connection: Connection, services: Services, row: AnyRow, kind: str, key: str, **data: Any
) -> None:
    now = services.clock.now()
    log.warning("webhooks do not arrive", kind=kind, endpoint=row.id, about=data)
    open_task(connection, NewTask(kind, now, key=f"{kind}:{row.id}:{key}", data={"endpoint": row.id, **data}))
