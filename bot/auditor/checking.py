"""What a check is, and what each knows of the lender and of the moment."""

from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.auditor.law import Law
from bot.auditor.log import Sent


@dataclass(frozen=True, slots=True)
class Terms:
    """The lender's own terms, and the country's law."""

    country: str
    law: Law
    sender_role: str
    identity_days: int
    own_accounts: frozenset[str]
    names: tuple[str, ...]
    """Trade and legal name."""
    own_hosts: frozenset[str]
    """Of the addresses that it sends people to."""


Check = Callable[[Sent, Terms], str | None]
CHECKS: dict[str, Check] = {}
OF_CALLS = (
    "hours-early",
    "hours-late",
    "hours-zone-unknown",
    "day-saturday",
    "day-sunday",
    "day-holiday",
    "hours-wish",
    "cap-day",
    "cap-week",
    "cap-channels",
    "opted-out",
    "point-closed",
    "point-unknown",
)
"""Those that a call or a visit of an agent is tried by too."""


def check(name: str) -> Callable[[Check], Check]:
    def add(found: Check) -> Check:
        CHECKS[name] = found
        return found

    return add


def unasked(sent: Sent) -> bool:
    return bool(sent.row.purpose != "reply")


def demand(sent: Sent) -> bool:
    """A contact of ours, about a debt."""
    return bool(sent.row.purpose == "contact")


def zone_of(sent: Sent, terms: Terms) -> ZoneInfo:
    """The borrower's own; the law's where it is not known."""
    return ZoneInfo(sent.row.zone) if sent.row.zone else terms.law.zone
