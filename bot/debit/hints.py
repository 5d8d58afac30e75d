"""A provider's word that something happened: kept as a reason to ask, never believed."""

from sqlalchemy import String, cast, update

from bot.services import Services
from models import Charge, Mandate, writing

_C, _M = Charge.__table__, Mandate.__table__
UNDER_WAY = ("submitting", "unknown", "submitted", "processing", "collected")


def charge_has_news(services: Services, provider_id: str, key: str | None) -> bool:
    """Makes the next sweep ask about the charge with our own `key`, or with the provider's id; whether there is one."""
    with writing(services.engine) as connection:
        known = key and connection.execute(update(_C).where(_C.c.key == key).values(checked_at=None)).rowcount
        if not known:
            by_id = (_C.c.provider_id == provider_id) & _C.c.status.in_(UNDER_WAY)
            known = connection.execute(update(_C).where(by_id).values(checked_at=None)).rowcount
    return bool(known)


def mandate_has_news(services: Services, ref: str) -> bool:
    """Makes the next sweep ask about the mandate whose account or consent the provider knows as `ref`; whether there is one."""
    live = _M.c.status.in_(("submitted", "active", "suspended"))
    known = live & cast(_M.c.provider_refs, String).contains(f'"{ref}"', autoescape=True)
    with writing(services.engine) as connection:
        return connection.execute(update(_M).where(known).values(due_at=services.clock.now())).rowcount > 0
