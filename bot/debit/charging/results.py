"""Results of charges: asked for when a webhook hints at news, when results are due, and from time to time
while they can be taken back.
"""

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, Select, and_, or_, select, update

from bot.debit.charging.banking_days import collected_before, results_until
from bot.debit.charging.calls import SECONDS, call_each
from bot.debit.charging.listing import listed_reports
from bot.debit.charging.reports import apply_report
from bot.debit.charging.transitions import fetch_locked, open_case
from bot.debit.port import AuthError, ChargeReport, DebitError, DebitProvider, InvalidRequest, RateLimited
from bot.services import Services
from models import charge_table, read_tx, write_tx
from models.base import AnyRow
from values import city_day, previous_banking_day

log = structlog.get_logger(__name__)

AT_ONCE, SOON, DAILY, WEEKLY = (
    timedelta(minutes=1),
    timedelta(minutes=30),
    timedelta(days=1),
    timedelta(days=7),
)
"""How often: on the day of its result, and of its settlement; two banking days longer; from then on; while
it can be taken back.
"""
AFTER_FAILURE = timedelta(minutes=5)
FAILURES = 10
"""So many in a row, and the provider itself is taken to be down until the next sweep."""
_ASKED = (charge_table.c.id, charge_table.c.provider_id, charge_table.c.submitted_at)
PATIENCE = timedelta(hours=20)
"""A charge about which the provider has not answered for so long is a case for a person: within a day."""


def poll_results(services: Services) -> int:
    """Asks about those with news and those whose result is due, each its own provider; how many were asked
    about.
    """
    return sum(_ask(services, provider, _due) for provider in services.providers)


def poll_settled(services: Services) -> int:
    """Asks about settled ones while their bank may still take them back; how many were asked about."""
    return sum(_ask(services, provider, _reversible) for provider in services.providers)


def _due(now: datetime, provider: DebitProvider) -> Select[*tuple[Any, ...]]:
    out = results_until(now, provider.capabilities.results_from)
    late = previous_banking_day(previous_banking_day(out))
    settled = collected_before(now, provider.capabilities.settle_banking_days)
    under_way = charge_table.c.status.in_(("submitted", "processing"))
    asked_about = charge_table.c.status.in_(("submitted", "processing", "collected", "settled"))
    failing_since = charge_table.c.failing_since
    due = or_(
        and_(asked_about, charge_table.c.checked_at.is_(None)),
        and_(asked_about, charge_table.c.checked_at < now - AFTER_FAILURE, failing_since > now - DAILY),
        and_(asked_about, charge_table.c.checked_at < now - DAILY, failing_since.is_not(None)),
        and_(under_way, charge_table.c.charge_on == out, charge_table.c.checked_at < now - AT_ONCE),
        and_(under_way, charge_table.c.charge_on.between(late, out), charge_table.c.checked_at < now - SOON),
        and_(under_way, charge_table.c.charge_on < late, charge_table.c.checked_at < now - DAILY),
        and_(
            charge_table.c.status == "collected",
            charge_table.c.collected_at < settled,
            charge_table.c.checked_at < now - AT_ONCE,
        ),
        and_(charge_table.c.status == "collected", charge_table.c.checked_at < now - DAILY),
    )
    return (
        select(*_ASKED)
        .where(due, charge_table.c.provider == provider.name)
        .order_by(charge_table.c.checked_at.is_not(None), charge_table.c.checked_at, charge_table.c.id)
        .limit(provider.capabilities.batch)
    )


def _reversible(now: datetime, provider: DebitProvider) -> Select[*tuple[Any, ...]]:
    since = city_day(now) - timedelta(days=provider.capabilities.reversible_days)
    due = and_(
        charge_table.c.status == "settled",
        charge_table.c.charge_on >= since,
        charge_table.c.checked_at < now - WEEKLY,
    )
    return (
        select(*_ASKED)
        .where(due, charge_table.c.provider == provider.name)
        .order_by(charge_table.c.checked_at)
        .limit(provider.capabilities.batch)
    )


def _ask(
    services: Services,
    provider: DebitProvider,
    question: Callable[[datetime, DebitProvider], Select[*tuple[Any, ...]]],
) -> int:
    """What fails for one charge holds up no other; a provider that refuses our keys, asks to wait, or fails
    many times in a row is asked again with the next sweep.
    """
    until, asked = time.monotonic() + SECONDS, 0
    while time.monotonic() < until:
        with read_tx(services.engine) as connection:
            rows = connection.execute(question(services.clock.now(), provider)).all()
        asked += len(rows)
        if not rows or not _ask_about(services, provider, rows):
            break
    return asked


def _ask_about(services: Services, provider: DebitProvider, rows: Sequence[AnyRow]) -> bool:
    """By list first; whether the next may be asked about."""
    failures = 0

    def ask(row: AnyRow) -> bool:
        nonlocal failures
        try:
            _apply_result(services, provider, row, listed.get(row.provider_id))
        except (AuthError, RateLimited) as error:
            _log_refusal(error)
            return False
        except Exception as error:
            _no_result(services, row.id, error)
            failures += 1
            return failures < FAILURES
        failures = 0
        return True

    try:
        listed = listed_reports(provider, rows)
    except (AuthError, RateLimited) as error:
        _log_refusal(error)
        return False
    return call_each(provider, rows, ask)


def _log_refusal(error: DebitError) -> None:
    log.warning("the provider cannot be asked now", code=error.code)


def _apply_result(
    services: Services, provider: DebitProvider, row: AnyRow, listed: ChargeReport | None
) -> None:
    report = listed or provider.charge(row.provider_id)
    with write_tx(services.engine) as connection:
        apply_report(connection, provider, fetch_locked(connection, row.id), report, services.clock.now())


def _no_result(services: Services, charge: int, error: Exception) -> None:
    """It comes last next time. A provider that does not know what it took, or a charge that has failed for a
    day, is a case for a person.
    """
    code = error.code if isinstance(error, DebitError) else type(error).__name__
    if isinstance(error, DebitError):
        log.warning("the provider gave no result", charge=charge, code=code)
    else:
        log.error("applying a result raised", charge=charge, exc_info=error)
    with write_tx(services.engine) as connection:
        note_failure(
            connection, charge, code, services.clock.now(), at_once=isinstance(error, InvalidRequest)
        )


def note_failure(connection: Connection, charge: int, code: str, now: datetime, *, at_once: bool) -> None:
    """The provider has not answered about it: since when; a case for a person after a day, or `at_once`."""
    row = fetch_locked(connection, charge)
    since = row.failing_since or now
    connection.execute(
        update(charge_table).where(charge_table.c.id == charge).values(checked_at=now, failing_since=since)
    )
    if at_once or now - since >= PATIENCE:
        open_case(connection, "charge_unknown", str(charge), now, row.loan_id, charge=charge, error=code)
