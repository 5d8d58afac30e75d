"""Charges under way whose reason is gone: a mandate that was stopped, a hold, money that came another way.
Called off at the provider, where it still can be.
"""

import structlog
from sqlalchemy import bindparam, or_, select, update

from bot import drill
from bot.debit.charging.guard import NO_CHARGE
from bot.debit.charging.moves import cancel, change, locked
from bot.debit.charging.provider import provider_of
from bot.debit.charging.standing import UNPAID
from bot.debit.port import DebitError, DebitProvider
from bot.services import Services
from models import charge_table, hold_table, instalment_table, mandate_table, read_tx, write_tx
from models.base import UtcDateTime
from models.hold import stands as hold_stands

log = structlog.get_logger(__name__)

BATCH = 20
_HELD = select(hold_table.c.id).where(
    hold_table.c.loan_id == charge_table.c.loan_id,
    hold_table.c.kind.in_(sorted(NO_CHARGE)),
    hold_stands(bindparam("now", type_=UtcDateTime)),
)
_UNWANTED = (
    select(charge_table.c.id, charge_table.c.provider_id)
    .select_from(
        charge_table.join(mandate_table, mandate_table.c.id == charge_table.c.mandate_id).join(
            instalment_table, instalment_table.c.id == charge_table.c.instalment_id
        )
    )
    .where(
        charge_table.c.status == "submitted",
        or_(mandate_table.c.status != "active", UNPAID == 0, _HELD.exists()),
    )
    .order_by(charge_table.c.checked_at, charge_table.c.id)
    .limit(BATCH)
)


def cancel_in_flight(services: Services, provider: DebitProvider | None = None) -> int:
    """Asks the provider to drop them; how many it was asked about. One that is on its way already is
    `processing` from then on, and asked no more.
    """
    with read_tx(services.engine) as connection:
        rows = connection.execute(_UNWANTED, {"now": services.clock.now()}).all()
    provider = (provider or provider_of(services)) if rows else None
    return (
        sum(_drop(services, provider, charge, provider_id) for charge, provider_id in rows) if provider else 0
    )


def _drop(services: Services, provider: DebitProvider, charge: int, provider_id: str) -> bool:
    """That we ask is noted before, so that the answer, by whatever road it comes, is known for ours."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = locked(connection, charge)
        if row.status != "submitted":
            return False
        connection.execute(
            update(charge_table)
            .where(charge_table.c.id == charge)
            .values(data=row.data | {"asked_at": now.isoformat()})
        )
    try:
        drill.passing("before_cancel")
        dropped = provider.cancel_charge(provider_id)
        drill.passing("after_cancel")
    except DebitError as error:
        log.warning("the provider could not be asked to drop a charge", charge=charge, code=error.code)
        return False
    with write_tx(services.engine) as connection:
        row = locked(connection, charge)
        if row.status == "submitted":
            if dropped:
                cancel(connection, row, "cancelled_in_flight", now)
            else:
                change(connection, row, "processing", now, because={"reason": "not_cancellable"})
    return True
