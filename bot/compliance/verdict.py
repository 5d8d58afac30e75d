"""The one question asked before anything leaves, when it is planned and again when it is marked `sending`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.compliance.rules import ContactRules, Hours

_HORIZON_DAYS = 40
"""Longer than any run of days without a lawful hour."""

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)

SenderRole = Literal["first_party", "third_party"]


@dataclass(frozen=True, slots=True)
class PastContact:
    """One that left, or is leaving, to the same person."""

    on: date
    """In the borrower's zone."""
    channel: str


@dataclass(frozen=True, slots=True)
class ContactRequest:
    """A message about to leave, and what has left before."""

    now: datetime
    zone: ZoneInfo | None
    """The borrower's own; null where the address does not show it."""
    channel: str
    purpose: Literal["reply", "contact", "confirmation", "notice"]
    opted_out: bool = False
    contact_point: str = "unverified"
    """Its status; only addresses that the lender or the borrower gave are contact points at all."""
    holds: frozenset[str] = frozenset()
    loan_status: str = "current"
    contacts: tuple[PastContact, ...] = ()
    """Those of the last seven days."""
    notices_today: int = 0
    preferred: Hours | None = None
    """The borrower's own wish; it narrows the lawful hours and never widens them."""
    sender_role: SenderRole = "first_party"


@dataclass(frozen=True, slots=True)
class Allowed:
    until: datetime
    """The end of the lawful hours: a provider that queues must drop the message then."""
    rule: str = "allowed"


@dataclass(frozen=True, slots=True)
class NotBefore:
    at: datetime
    rule: str
    version: str


@dataclass(frozen=True, slots=True)
class Never:
    rule: str
    because: str
    version: str


Verdict = Allowed | NotBefore | Never


def may_contact(request: ContactRequest, rules: ContactRules) -> Verdict:
    """Allowed until, not before a time, or never and why. An answer to the borrower's own message is not held
    back.
    """
    if request.purpose == "reply":
        return Allowed(request.now + timedelta(hours=4), "reply")
    if refusal := _refusal(request, rules):
        return refusal
    start = _after_caps(request, rules)
    opening, closing = _next_hours(start, request, rules)
    if opening <= request.now:
        return Allowed(closing)
    rule = rules.names.caps if start > request.now else rules.names.hours
    return NotBefore(opening, rule, rules.version)


def _refusal(request: ContactRequest, rules: ContactRules) -> Never | None:
    def never(rule: str, because: str) -> Never:
        return Never(rule, because, rules.version)

    if request.contact_point in ("closed", "invalid"):
        return never(rules.names.channel, "this contact point is closed or does not exist")
    if request.purpose == "confirmation":
        return None  # the borrower's own act is confirmed even to one who then asked for silence
    if request.opted_out and request.purpose == "contact":
        return never("OPT-OUT", "the borrower asked for no more messages")
    if request.sender_role == "third_party" and request.channel not in rules.third_party_channels:
        return never("THIRD-PARTY", "this channel does not carry collection for others")
    if request.purpose == "notice":
        return None
    if held := request.holds & rules.never_holds:
        return never("HOLD", f"the loan is on hold: {', '.join(sorted(held))}")
    if paused := request.holds & rules.pausing_holds:
        return never("PAUSED", f"reminders are paused: {', '.join(sorted(paused))}")
    if request.loan_status not in rules.claimable:
        return never("NOT-CLAIMABLE", f"the loan is {request.loan_status}")
    return None


def _zone(request: ContactRequest, rules: ContactRules) -> ZoneInfo:
    return request.zone or rules.fallback_zone


def _after_caps(request: ContactRequest, rules: ContactRules) -> datetime:
    """The first moment at which the caps leave room."""
    zone, caps = _zone(request, rules), rules.caps
    today = request.now.astimezone(zone).date()
    if request.purpose in ("confirmation", "notice"):
        full = request.notices_today >= caps.notice_per_day
        return _midnight(today + _DAY, zone) if full else request.now
    free = max(
        _after_day(request, today, caps.contact_per_day),
        _after_week([contact.on for contact in request.contacts], today, caps.contact_per_7_days),
        _after_week(
            [contact.on for contact in request.contacts if contact.channel == request.channel],
            today,
            caps.channel_per_7_days.get(request.channel),
        ),
        _after_channels(request, today, caps.channels_per_week),
    )
    return _midnight(free, zone) if free > today else request.now


def _after_day(request: ContactRequest, today: date, most: int) -> date:
    return today + _DAY if sum(contact.on == today for contact in request.contacts) >= most else today


def _after_week(days: Sequence[date], today: date, most: int | None) -> date:
    """When the oldest of the contacts that fill the week is seven days old."""
    if most is None or len(days) < most:
        return today
    return max(today, sorted(days)[-most] + _WEEK)


def _after_channels(request: ContactRequest, today: date, most: int | None) -> date:
    """Another channel than those of this week, from Monday on, waits for the next one."""
    monday = today - timedelta(days=today.weekday())
    used = {contact.channel for contact in request.contacts if contact.on >= monday}
    if most is None or len(used | {request.channel}) <= most:
        return today
    return monday + _WEEK


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def _hours(day: date, request: ContactRequest, rules: ContactRules) -> Hours | None:
    """Null on a day without any. Empty where a channel's own hours leave none."""
    hours = rules.hours_on(day)
    if hours is None:
        return None
    if request.zone is None:
        hours = hours.within(rules.fallback_hours)
    if channel := rules.channel_hours.get(request.channel):
        hours = hours.within(channel)
    if request.preferred and request.purpose == "contact":
        wished = hours.within(request.preferred)
        hours = wished if wished.start < wished.end else hours
    return hours


def _next_hours(start: datetime, request: ContactRequest, rules: ContactRules) -> tuple[datetime, datetime]:
    """The first lawful span that ends after `start`, as aware times; its opening is `start` itself when that
    lies inside.
    """
    zone = _zone(request, rules)
    first = start.astimezone(zone).date()
    for offset in range(_HORIZON_DAYS):
        day = first + timedelta(days=offset)
        hours = _hours(day, request, rules)
        if hours is None or hours.start >= hours.end:
            continue
        opening = datetime.combine(day, hours.start, zone)
        closing = datetime.combine(day, hours.end, zone)
        if start < closing:
            return max(opening, start.astimezone(zone)), closing
    message = "no lawful day in forty: the rules file leaves none"
    raise ValueError(message)
