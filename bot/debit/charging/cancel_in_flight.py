"""Charges under way whose reason is gone: a mandate that was stopped, a hold, money that arrived otherwise.
Cancelled at the provider, where that is still possible.
"""

from datetime import timedelta

import structlog
from sqlalchemy import bindparam, case, or_, select, update

from bot import drill
from bot.debit.charging.guard import NO_CHARGE
from bot.debit.charging.snapshot import UNPAID
from bot.debit.charging.transitions import cancel, fetch_locked, transition
from bot.debit.port import DebitError, DebitProvider
from bot.services import Services
from models import (
    charge_table,
    hold_table,
    instalment_table,
    mandate_table,
    plan_instalment_table,
    plan_table,
    read_tx,
    write_tx,
)
from models.base import UtcDateTime
from models.hold import stands as hold_stands

log = structlog.get_logger(__name__)

BATCH = 20
AFTER_FAILURE = timedelta(minutes=5)
"""One that could not be cancelled is asked about again after so long, behind those not asked about yet."""
_HELD = select(hold_table.c.id).where(
    hold_table.c.loan_id == charge_table.c.loan_id,
    hold_table.c.kind.in_(sorted(NO_CHARGE)),
    hold_stands(bindparam("now", type_=UtcDateTime)),
)
_PAID_OTHERWISE = case(
    (plan_instalment_table.c.id.is_(None), UNPAID == 0),
    else_=plan_instalment_table.c.paid >= plan_instalment_table.c.amount,
)
_NOTHING_LEFT = or_(_PAID_OTHERWISE, plan_table.c.status != "active")
_UNWANTED = (
    select(charge_table.c.id, charge_table.c.provider, charge_table.c.provider_id)
    .select_from(
        charge_table.join(mandate_table, mandate_table.c.id == charge_table.c.mandate_id)
        .join(instalment_table, instalment_table.c.id == charge_table.c.instalment_id)
        .outerjoin(plan_instalment_table, plan_instalment_table.c.id == charge_table.c.plan_instalment_id)
        .outerjoin(plan_table, plan_table.c.id == plan_instalment_table.c.plan_id)
    )
    .where(
        charge_table.c.status == "submitted",
        charge_table.c.provider.in_(bindparam("providers", expanding=True)),
        or_(mandate_table.c.status != "active", _NOTHING_LEFT, _HELD.exists()),
        or_(charge_table.c.cancel_asked_at.is_(None), charge_table.c.cancel_asked_at < bindparam("before")),
    )
    .order_by(charge_table.c.cancel_asked_at.is_not(None), charge_table.c.cancel_asked_at, charge_table.c.id)
    .limit(BATCH)
)


def cancel_in_flight(services: Services) -> int:
    """Asks each charge's own provider to cancel it; how many it was asked about. One that is on its way
    already is `processing` from then on, and not asked about again.
    """
    now = services.clock.now()
    given = {"now": now, "before": now - AFTER_FAILURE, "providers": services.providers.names}
    with read_tx(services.engine) as connection:
        rows = connection.execute(_UNWANTED, given).all()
    return sum(
        _cancel(services, services.providers.named(row.provider), row.id, row.provider_id) for row in rows
    )


def _cancel(services: Services, provider: DebitProvider, charge: int, provider_id: str) -> bool:
    """That we ask is noted first, so that a cancellation reported later is known to be our own."""
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = fetch_locked(connection, charge)
        if row.status != "submitted":
            return False
        connection.execute(
            update(charge_table).where(charge_table.c.id == charge).values(cancel_asked_at=now)
        )
    try:
        drill.passing("before_cancel")
        cancelled = provider.cancel_charge(provider_id)
        drill.passing("after_cancel")
    except DebitError as error:
        log.warning("the provider could not be asked to cancel a charge", charge=charge, code=error.code)
        return False
    except Exception:  # of one charge: it holds up no other
        log.exception("cancelling raised", charge=charge)
        return False
    with write_tx(services.engine) as connection:
        row = fetch_locked(connection, charge)
        if row.status == "submitted":
            if cancelled:
                cancel(connection, row, "cancelled_in_flight", now)
            else:
                transition(connection, row, "processing", now, because={"reason": "not_cancellable"})
    return True
