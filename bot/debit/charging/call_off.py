"""Charges under way whose reason is gone: a mandate that was stopped, a hold, money that came another way. Called off at the provider, where it still can be."""

import structlog
from sqlalchemy import bindparam, or_, select, update

from bot import drill
from bot.debit.charging.guard import NO_CHARGE
from bot.debit.charging.moves import cancel, change, locked
from bot.debit.charging.provider import provider_of
from bot.debit.charging.standing import UNPAID
from bot.debit.port import DebitError, DebitProvider
from bot.services import Services
from models import Charge, Hold, Instalment, Mandate, reading, writing
from models.base import UtcDateTime

log = structlog.get_logger(__name__)

_K, _M, _H, _I = Charge.__table__, Mandate.__table__, Hold.__table__, Instalment.__table__
BATCH = 20
_HELD = select(_H.c.id).where(
    _H.c.loan_id == _K.c.loan_id, _H.c.kind.in_(sorted(NO_CHARGE)), _H.c.lifted_at.is_(None),
    or_(_H.c.until.is_(None), _H.c.until > bindparam("now", type_=UtcDateTime)),
)  # fmt: skip
_UNWANTED = (
    select(_K.c.id, _K.c.provider_id)
    .select_from(_K.join(_M, _M.c.id == _K.c.mandate_id).join(_I, _I.c.id == _K.c.instalment_id))
    .where(_K.c.status == "submitted", or_(_M.c.status != "active", UNPAID == 0, _HELD.exists()))
    .order_by(_K.c.checked_at, _K.c.id)
    .limit(BATCH)
)


def call_off(services: Services, provider: DebitProvider | None = None) -> int:
    """Asks the provider to drop them; how many it was asked about. One that is on its way already is `processing` from then on, and asked no more."""
    with reading(services.engine) as connection:
        rows = connection.execute(_UNWANTED, {"now": services.clock.now()}).all()
    provider = (provider or provider_of(services)) if rows else None
    return sum(_drop(services, provider, charge, provider_id) for charge, provider_id in rows) if provider else 0


def _drop(services: Services, provider: DebitProvider, charge: int, provider_id: str) -> bool:
    """That we ask is noted before, so that the answer, by whatever road it comes, is known for ours."""
    now = services.clock.now()
    with writing(services.engine) as connection:
        row = locked(connection, charge)
        if row.status != "submitted":
            return False
        connection.execute(update(_K).where(_K.c.id == charge).values(data=row.data | {"asked_at": now.isoformat()}))
    try:
        drill.passing("before_cancel")
        dropped = provider.cancel_charge(provider_id)
        drill.passing("after_cancel")
    except DebitError as error:
        log.warning("the provider could not be asked to drop a charge", charge=charge, code=error.code)
        return False
    with writing(services.engine) as connection:
        row = locked(connection, charge)
        if row.status == "submitted":
            if dropped:
                cancel(connection, row, "called_off", now)
            else:
                change(connection, row, "processing", now, because={"reason": "not_cancellable"})
    return True
