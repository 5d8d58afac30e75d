"""A provider's webhook says that something happened: kept as a reason to ask, never believed."""

from collections.abc import Collection

from sqlalchemy import String, and_, cast, update

from bot.services import Services
from models import charge_table, mandate_table, write_tx

UNDER_WAY = ("submitting", "unknown", "submitted", "processing", "collected")


def charge_has_news(
    services: Services, providers: Collection[str], provider_id: str, key: str | None
) -> bool:
    """Makes the next sweep ask about the charge with our own `key`, or with the provider's id; whether there
    is one.
    """
    theirs = charge_table.c.provider.in_(providers)
    with write_tx(services.engine) as connection:
        known = (
            key
            and connection.execute(
                update(charge_table).where(theirs, charge_table.c.key == key).values(checked_at=None)
            ).rowcount
        )
        if not known:
            by_id = (charge_table.c.provider_id == provider_id) & charge_table.c.status.in_(UNDER_WAY)
            known = connection.execute(
                update(charge_table).where(theirs, by_id).values(checked_at=None)
            ).rowcount
    return bool(known)


def mandate_has_news(services: Services, providers: Collection[str], ref: str) -> bool:
    """Makes the next sweep ask about the mandate whose account or consent the provider knows as `ref`;
    whether there is one.
    """
    live = and_(
        mandate_table.c.status.in_(("submitted", "active", "suspended")),
        mandate_table.c.provider.in_(providers),
    )
    known = live & cast(mandate_table.c.provider_refs, String).contains(f'"{ref}"', autoescape=True)
    with write_tx(services.engine) as connection:
        return (
            connection.execute(
                update(mandate_table).where(known).values(due_at=services.clock.now())
            ).rowcount
            > 0
        )
