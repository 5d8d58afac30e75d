"""Charges whose outcome is unknown: resolved only by asking the provider for our own key. Nothing is sent
again blindly.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import bindparam, select

from bot.clock import system_now
from bot.debit.charging.reports import apply_report
from bot.debit.charging.results import note_failure
from bot.debit.charging.transitions import fetch_locked, record, transition
from bot.debit.port import ChargeReport, DebitError, DebitProvider, UnknownOutcome
from bot.services import Services
from models import charge_table, read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=60)
"""Longer than a call may take: a claim this old was left by a process that is gone."""
BATCH = 20
_ABANDONED = (
    select(charge_table.c.id)
    .where(charge_table.c.status == "submitting", charge_table.c.claimed_at < bindparam("dead"))
    .order_by(charge_table.c.id)
)
_UNKNOWN = (
    select(charge_table)
    .where(
        charge_table.c.status == "unknown",
        charge_table.c.provider.in_(bindparam("providers", expanding=True)),
    )
    .order_by(charge_table.c.checked_at.is_not(None), charge_table.c.checked_at, charge_table.c.id)
    .limit(BATCH)
)


def resolve(services: Services) -> int:
    """Releases claims of processes that died, and asks each charge's own provider whether it has it; how many
    are known now.
    """
    _release_claims(services, system_now() - CLAIM)
    with read_tx(services.engine) as connection:
        rows = connection.execute(_UNKNOWN, {"providers": services.providers.names}).all()
    return sum(_resolve_alone(services, row) for row in rows)


def _resolve_alone(services: Services, row: AnyRow) -> bool:
    """What raises for one holds up no other: it is asked about last next time."""
    try:
        return _resolve(services, services.providers.named(row.provider), row, system_now())
    except Exception as error:
        log.exception("resolving raised", charge=row.id, loan=row.loan_id)
        with write_tx(services.engine) as connection:
            code = type(error).__name__
            note_failure(connection, row.id, code, services.clock.now(), at_once=False)
        return False


def _release_claims(services: Services, dead: datetime) -> None:
    """`dead` is machine time, as the claim's is."""
    with read_tx(services.engine) as connection:
        abandoned = list(connection.scalars(_ABANDONED, {"dead": dead}))
    for charge in abandoned:
        with write_tx(services.engine) as connection:
            row = fetch_locked(connection, charge)
            if row.status == "submitting" and row.claimed_at < dead:
                now = services.clock.now()
                transition(connection, row, "unknown", now, because={"error": "claim"}, checked_at=None)
                record(connection, row, "charge.unknown", now, once=row.claimed_at.isoformat())


def _resolve(services: Services, provider: DebitProvider, row: AnyRow, at: datetime) -> bool:
    """Whether its outcome is known now."""
    try:
        found = provider.find_charge(row.key)
    except DebitError as error:
        log.warning("the provider could not be asked", charge=row.id, code=error.code)
        _not_answered(services, row, error)
        return False
    if found is None and at - row.claimed_at < provider.capabilities.listed_within:
        return False
    return _known(services, provider, row.id, found)


def _known(services: Services, provider: DebitProvider, charge: int, found: ChargeReport | None) -> bool:
    """Never taken: it is submitted again under the same key, if its day is not over; announced again
    otherwise.
    """
    with write_tx(services.engine) as connection:
        row, now = fetch_locked(connection, charge), services.clock.now()
        if row.status != "unknown":
            return False
        if found is not None:
            apply_report(connection, provider, row, found, now)
        else:
            transition(
                connection,
                row,
                "notified",
                now,
                actor=f"provider:{provider.name}",
                because={"reason": "never_taken"},
            )
    return True


def _not_answered(services: Services, row: AnyRow, error: DebitError) -> None:
    """It is asked about last next time; what the provider itself cannot answer is a case for a person."""
    with write_tx(services.engine) as connection:
        several = isinstance(error, UnknownOutcome)
        note_failure(connection, row.id, error.code, services.clock.now(), at_once=several)
