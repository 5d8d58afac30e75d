"""Charges whose delivery nobody knows: left only by asking the provider for our own key. Nothing is sent
again blindly.
"""

from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from bot.clock import system_now
from bot.debit.charging.moves import change, locked, to_a_person, write
from bot.debit.charging.provider import provider_of
from bot.debit.charging.reports import take
from bot.debit.port import ChargeReport, DebitError, DebitProvider, UnknownOutcome
from bot.services import Services
from models import charge_table, read_tx, write_tx
from models.base import AnyRow

log = structlog.get_logger(__name__)

CLAIM = timedelta(seconds=60)
"""Longer than a call may take: a claim this old was left behind by a process that is gone."""
SETTLED = timedelta(seconds=90)
"""This long after its claim a charge that the provider does not find was never taken."""
BATCH = 20
_CLAIMED = (
    select(charge_table.c.id, charge_table.c.data)
    .where(charge_table.c.status == "submitting")
    .order_by(charge_table.c.id)
)
_UNKNOWN = (
    select(charge_table)
    .where(charge_table.c.status == "unknown")
    .order_by(charge_table.c.checked_at.is_not(None), charge_table.c.checked_at, charge_table.c.id)
    .limit(BATCH)
)


def resolve(services: Services, provider: DebitProvider | None = None) -> int:
    """Takes up claims of processes that died, and asks the provider about every charge whose delivery is not
    known; how many are known now.
    """
    _take_up(services, system_now() - CLAIM)
    with read_tx(services.engine) as connection:
        rows = connection.execute(_UNKNOWN).all()
    provider = (provider or provider_of(services)) if rows else None
    return sum(_resolve(services, provider, row, system_now()) for row in rows) if provider else 0


def _take_up(services: Services, dead: datetime) -> None:
    """`dead` is machine time, as the claim's is."""
    with read_tx(services.engine) as connection:
        left = [
            row.id
            for row in connection.execute(_CLAIMED)
            if datetime.fromisoformat(row.data["claimed_at"]) < dead
        ]
    for charge in left:
        with write_tx(services.engine) as connection:
            row = locked(connection, charge)
            if row.status == "submitting" and datetime.fromisoformat(row.data["claimed_at"]) < dead:
                now = services.clock.now()
                change(connection, row, "unknown", now, because={"error": "claim"}, checked_at=None)
                write(connection, row, "charge.unknown", now, once=row.data["claimed_at"])


def _resolve(services: Services, provider: DebitProvider, row: AnyRow, at: datetime) -> bool:
    """Whether its delivery is known now."""
    try:
        found = provider.find_charge(row.key)
    except DebitError as error:
        log.warning("the provider could not be asked", charge=row.id, code=error.code)
        _asked(services, row, several=isinstance(error, UnknownOutcome))
        return False
    if found is None and at - datetime.fromisoformat(row.data["claimed_at"]) < SETTLED:
        return False
    return _known(services, provider, row.id, found)


def _known(services: Services, provider: DebitProvider, charge: int, found: ChargeReport | None) -> bool:
    """Never taken: it is submitted again under the same key, if its day is not over; announced again
    otherwise.
    """
    with write_tx(services.engine) as connection:
        row, now = locked(connection, charge), services.clock.now()
        if row.status != "unknown":
            return False
        if found is not None:
            take(connection, provider, row, found, now)
        else:
            change(
                connection,
                row,
                "notified",
                now,
                actor=f"provider:{provider.name}",
                because={"reason": "never_taken"},
            )
    return True


def _asked(services: Services, row: AnyRow, *, several: bool) -> None:
    """Those that could not be told come last next time; what the provider itself cannot tell is a person's to
    see.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        connection.execute(
            update(charge_table)
            .where(charge_table.c.id == row.id, charge_table.c.status == "unknown")
            .values(checked_at=now)
        )
        if several:
            to_a_person(connection, "charge_unknown", str(row.id), now, row.loan_id, charge=row.id)
