"""What the contact rules are asked: built here for every room that asks them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal
from zoneinfo import ZoneInfo

from bot.compliance import ContactRequest, Hours, PastContact
from bot.services import Services

Purpose = Literal["reply", "contact", "confirmation", "notice"]


def contact_request(
    services: Services,
    now: datetime,
    channel: str,
    purpose: Purpose,
    *,
    zone: str | None,
    opted_out: bool = False,
    contact_point: str = "unverified",
    holds: frozenset[str] = frozenset(),
    loan_status: str = "current",
    contacts: Iterable[tuple[datetime, str]] = (),
    notices: Iterable[datetime] = (),
    preferred: tuple[str | None, str | None] = (None, None),
) -> ContactRequest:
    """`zone`: the borrower's, null where it is not known. `contacts`: when those of the last seven days left,
    and by which channel; `notices`: when confirmations and notices did. `preferred`: from and until, HH:MM.
    """
    here = ZoneInfo(zone) if zone else None
    local = here or ZoneInfo(services.settings.timezone)
    today = now.astimezone(local).date()
    start, end = preferred
    return ContactRequest(
        now=now,
        zone=here,
        channel=channel,
        purpose=purpose,
        opted_out=opted_out,
        contact_point=contact_point,
        holds=holds,
        loan_status=loan_status,
        contacts=tuple(PastContact(at.astimezone(local).date(), by) for at, by in contacts),
        notices_today=sum(at.astimezone(local).date() == today for at in notices),
        preferred=Hours.of(start, end) if start and end else None,
        sender_role=services.lender.lender.sender_role,
    )
