"""Where the clock stops on its way to a charge's result, and what must have happened before it goes on.
Pure.
"""

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
class ChargeTimes:
    """A charge: as our books have it, with the provider_times at which the provider's move."""

    id: int
    status: str
    charge_on: date
    result_at: datetime | None = None
    settles_at: datetime | None = None
    reversed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class DebitTimeline:
    """The loan's mandate that is active or asked for, else its newest, and its charges; times are aware."""

    mandate: str | None
    decided_at: datetime | None
    """When the bank decides on the account; null until the provider has all it demands."""
    lacking: bool
    """Whether the borrower is being asked for what the provider lacks."""
    charges: tuple[ChargeTimes, ...] = ()
    unpaid: bool = True


def deliveries(timeline: DebitTimeline) -> frozenset[str]:
    """What has become of charges so far: a result is new where it was not among them."""
    return frozenset(
        f"{charge.id}:{charge.status}" for charge in timeline.charges if charge.status in RESULTS
    )


def provider_times(timeline: DebitTimeline) -> Iterator[datetime]:
    """When the provider's side changes by itself."""
    if timeline.mandate == "submitted" and timeline.decided_at:
        yield timeline.decided_at
    for charge in timeline.charges:
        if charge.status in ("submitted", "processing") and charge.result_at:
            yield charge.result_at
        if charge.status == "collected" and charge.settles_at:
            yield charge.settles_at
        if charge.status in ("collected", "settled") and charge.reversed_at:
            yield charge.reversed_at


def next_stop(
    timeline: DebitTimeline, now: datetime, until: datetime, *, every_day: bool = False
) -> datetime:
    """Every morning on which something may leave, each moment of the provider's, and never past `until`."""
    today = now.astimezone(CITY).date()
    morning = datetime.combine(today + _DAY if every_day else next_banking_day(today), MORNING, CITY)
    ours = [moment + JUST_AFTER for moment in provider_times(timeline) if moment + JUST_AFTER > now]
    return min(morning, until, *ours)


def pending_action(
    timeline: DebitTimeline, now: datetime, rules: ContactRules, submit_until: time
) -> str | None:
    """What is under way at this moment, so that time must not pass over it."""
    if timeline.mandate == "authorized" and not timeline.lacking:
        return "registration"
    if any(moment <= now for moment in provider_times(timeline)):
        return "decision" if timeline.mandate == "submitted" else "result"
    local = now.astimezone(CITY)
    for charge in timeline.charges:
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
    hours = rules.hours_on(day)
    return hours is not None and day == local.date() and hours.start <= local.time() < hours.end


def blocked_reason(timeline: DebitTimeline) -> str | None:
    """Why no charge will come, however much time passes."""
    if any(
        charge.status not in RESULTS or charge.status == "collected" for charge in timeline.charges
    ) or list(provider_times(timeline)):
        return None
    match timeline.mandate:
        case None | "cancelled" | "expired":
            return "no_mandate"
        case "authorized":
            return "lacking" if timeline.lacking else None
        case "active":
            return None if timeline.unpaid else "nothing_due"
        case _:
            return WHY[timeline.mandate]
