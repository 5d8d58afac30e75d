"""Mandates and charges of a provider whose settings are gone: nobody can be asked about them."""

from sqlalchemy import select, union

from bot.debit.charging.transitions import open_case
from bot.services import Services
from models import charge_table, mandate_table, read_tx, write_tx
from values import city_day

_UNDER_WAY = ("submitting", "unknown", "submitted", "processing", "collected")


def report_missing_providers(services: Services) -> int:
    """A case for a person, one a day for each such provider; how many there are."""
    charges = select(charge_table.c.provider).where(charge_table.c.status.in_(_UNDER_WAY))
    mandates = select(mandate_table.c.provider).where(mandate_table.c.due_at.is_not(None))
    with read_tx(services.engine) as connection:
        used = set(connection.scalars(union(charges, mandates)))
    missing = sorted(used - set(services.providers.names))
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        for name in missing:
            key = f"{name}:{city_day(now).isoformat()}"
            open_case(connection, "debit_provider_missing", key, now, provider=name)
    return len(missing)
