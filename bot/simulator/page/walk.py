"""Where the clock stops on its way to a charge's result, and what must have happened before it goes on. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.compliance import ContactRules
from values import next_banking_day

CITY = ZoneInfo("America/Mexico_City")
MORNING = time(10)
JUST_AFTER = timedelta(minutes=5)
"""Between a moment at which the provider moves and the look at what came of it."""
RESULTS = frozenset({"collected", "returned", "settled", "reversed", "cancelled"})
ENDED = frozenset({"rejected", "cancelled", "expired"})
WHY = {
    "draft": "consent",
    "requested": "consent",
    "submitted": "documents",
    "rejected": "rejected",
    "suspended": "stopped",
    "disputed": "stopped",
}
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Debited:
    """A charge: as our books have it, with the moments at which the provider's move."""

    id: int
    status: str
    charge_on: date
    result_at: datetime | None = None
    settles_at: datetime | None = None
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Road:
    """The loan's mandate that stands or is asked for, else its newest, and its charges; times are aware."""

    mandate: str | None
    decided_at: datetime | None
    """When the bank decides on the account; null until the provider has all it demands."""
    lacking: bool
    """Whether the borrower is being asked for what the provider lacks."""
    charges: tuple[Debited, ...] = ()
    unpaid: bool = True


def deliveries(road: Road) -> frozenset[str]:
    """What has become of charges so far: a result is new where it was not among them."""
    return frozenset(f"{charge.id}:{charge.status}" for charge in road.charges if charge.status in RESULTS)


def moments(road: Road) -> Iterator[datetime]:
    """When the provider moves by itself."""
    if road.mandate == "submitted" and road.decided_at:
        yield road.decided_at
    for charge in road.charges:
        if charge.status in ("submitted", "processing") and charge.result_at:
            yield charge.result_at
        if charge.status == "collected" and charge.settles_at:
            yield charge.settles_at
        if charge.status in ("collected", "settled") and charge.reversed_at:
            yield charge.reversed_at


def next_stop(road: Road, now: datetime, until: datetime, *, every_day: bool = False) -> datetime:
    """Every morning on which something may leave, each moment of the provider's, and never past `until`."""
    today = now.astimezone(CITY).date()
    morning = datetime.combine(today + _DAY if every_day else next_banking_day(today), MORNING, CITY)
    ours = [moment + JUST_AFTER for moment in moments(road) if moment + JUST_AFTER > now]
    return min(morning, until, *ours)


def awaited(road: Road, now: datetime, rules: ContactRules, submit_until: time) -> str | None:
    """What is under way at this moment, so that time must not pass over it."""
    if road.mandate == "authorized" and not road.lacking:
        return "registration"
    if any(moment <= now for moment in moments(road)):
        return "decision" if road.mandate == "submitted" else "result"
    local = now.astimezone(CITY)
    for charge in road.charges:
        if charge.status in ("submitting", "unknown"):
            return "submission"
        if charge.status == "notified" and charge.charge_on == local.date() and local.time() < submit_until:
            return "submission"
        if charge.status == "planned" and _announced_today(charge.charge_on, local, rules):
            return "notice"
    return None


def _announced_today(charge_on: date, local: datetime, rules: ContactRules) -> bool:
    """Whether the notice leaves now: the last lawful day before the charge has come."""
    day = charge_on - _DAY
    while not rules.lawful_day(day):
        day -= _DAY
    return day == local.date() and rules.hours.start <= local.time() < rules.hours.end


def dead_end(road: Road) -> str | None:
    """Why no charge will come, however much time passes."""
    if any(charge.status not in RESULTS or charge.status == "collected" for charge in road.charges) or list(
        moments(road)
    ):
        return None
    match road.mandate:
        case None | "cancelled" | "expired":
            return "no_mandate"
        case "authorized":
            return "lacking" if road.lacking else None
        case "active":
            return None if road.unpaid else "nothing_due"
        case _:
            return WHY[road.mandate]
