"""A provider's word that something happened: kept as a reason to ask, never believed."""

from sqlalchemy import update

from bot.services import Services
from models import Charge, writing

_C = Charge.__table__
UNDER_WAY = ("submitting", "unknown", "submitted", "processing", "collected")


def charge_has_news(services: Services, provider_id: str, key: str | None) -> bool:
    """Makes the next sweep ask about the charge with our own `key`, or with the provider's id; whether there is one."""
    with writing(services.engine) as connection:
        known = key and connection.execute(update(_C).where(_C.c.key == key).values(checked_at=None)).rowcount
        if not known:
            by_id = (_C.c.provider_id == provider_id) & _C.c.status.in_(UNDER_WAY)
            known = connection.execute(update(_C).where(by_id).values(checked_at=None)).rowcount
    return bool(known)
