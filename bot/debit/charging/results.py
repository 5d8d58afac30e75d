"""What became of charges: asked when a webhook hints at news, when results are due, and from time to time
while they can be taken back.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Select, and_, or_, select, update

from bot.debit.charging.days import city_day, collected_before, results_until
from bot.debit.charging.moves import locked, to_a_person
from bot.debit.charging.provider import provider_of
from bot.debit.charging.reports import take
from bot.debit.port import AuthError, DebitError, DebitProvider, InvalidRequest, TransientError
from bot.services import Services
from models import charge_table, read_tx, write_tx
from values import previous_banking_day

log = structlog.get_logger(__name__)

BATCH, REVERSALS = 50, 500
AT_ONCE, SOON, DAILY, WEEKLY = (
    timedelta(minutes=1),
    timedelta(minutes=30),
    timedelta(days=1),
    timedelta(days=7),
)
"""How often: on the day of its result, and of its settlement; two banking days longer; from then on; while it
can be taken back.
"""


def poll_results(services: Services, provider: DebitProvider | None = None) -> int:
    """Asks about those with news and those whose result is due; how many it asked about."""
    return _ask(services, provider, _due)


def poll_settled(services: Services, provider: DebitProvider | None = None) -> int:
    """Asks about settled ones while the borrower's bank may still take them back; how many it asked about."""
    return _ask(services, provider, _reversible)


def _due(now: datetime, provider: DebitProvider) -> Select[int, str]:
    out = results_until(now)
    late = previous_banking_day(previous_banking_day(out))
    settled = collected_before(now, provider.capabilities.settle_banking_days)
    under_way = charge_table.c.status.in_(("submitted", "processing"))
    due = or_(
        and_(
            under_way | charge_table.c.status.in_(("collected", "settled")),
            charge_table.c.checked_at.is_(None),
        ),
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
        select(charge_table.c.id, charge_table.c.provider_id)
        .where(due)
        .order_by(charge_table.c.checked_at.is_not(None), charge_table.c.checked_at, charge_table.c.id)
        .limit(BATCH)
    )


def _reversible(now: datetime, provider: DebitProvider) -> Select[int, str]:
    since = city_day(now) - timedelta(days=provider.capabilities.reversible_days)
    due = and_(
        charge_table.c.status == "settled",
        charge_table.c.charge_on >= since,
        charge_table.c.checked_at < now - WEEKLY,
    )
    return (
        select(charge_table.c.id, charge_table.c.provider_id)
        .where(due)
        .order_by(charge_table.c.checked_at)
        .limit(REVERSALS)
    )


def _ask(
    services: Services,
    provider: DebitProvider | None,
    question: Callable[[datetime, DebitProvider], Select[int, str]],
) -> int:
    """One by one: a provider that cannot answer now is asked again later, a charge that it refuses is shown
    to a person.
    """
    provider = provider or provider_of(services)
    if provider is None:
        return 0
    with read_tx(services.engine) as connection:
        rows = connection.execute(question(services.clock.now(), provider)).all()
    for asked, (charge, provider_id) in enumerate(rows):
        try:
            report = provider.charge(provider_id)
        except (TransientError, AuthError) as error:
            log.warning("the provider cannot be asked now", charge=charge, code=error.code)
            return asked
        except DebitError as error:
            _not_told(services, charge, error)
            continue
        with write_tx(services.engine) as connection:
            take(connection, provider, locked(connection, charge), report, services.clock.now())
    return len(rows)


def _not_told(services: Services, charge: int, error: DebitError) -> None:
    """Asked again in its turn; a provider that does not know what it took is a person's to see."""
    log.warning("the provider could not tell", charge=charge, code=error.code)
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        row = locked(connection, charge)
        connection.execute(update(charge_table).where(charge_table.c.id == charge).values(checked_at=now))
        if isinstance(error, InvalidRequest):
            to_a_person(
                connection, "charge_unknown", str(charge), now, row.loan_id, charge=charge, error=error.code
            )
