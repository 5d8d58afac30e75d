"""What came of a strategy: of those who were planned for each variant, how many paid, how many asked for
silence or complained, and at what price; those who were held out on purpose are counted alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, null, select

from bot.lender import Prices
from bot.outreach.planning.arms import CHAMPION, HELD_OUT
from bot.outreach.planning.intervals import Share, any_look, difference
from models import (
    contact_point_table,
    delivery_attempt_table,
    event_table,
    ledger_entry_table,
    message_table,
    template_table,
)
from models.base import AnyRow, word, words
from models.message import WITH_STANDING

CONFIDENCE = 0.95
HARM = ("optout.recorded", "complaint.opened")
"""Somebody who blocks us is recorded as opted out too."""
PAID = ("payment.posted", "charge.collected")
AGREED = (
    "promise.made",
    "plan.agreed",
    "settlement.agreed",
    "extension.granted",
    "mandate.authorized",
)
UTILITY, SERVICE = "utility", "service"
"""What WhatsApp takes our templates for, and what it calls words in an open window."""
SEGMENTS = 2
"""Of an SMS of a strategy by which none has left yet."""
DAYS = 14
"""How long after it was planned what follows is counted."""
_STEP = event_table.c.data["step"].as_string().label("step")
_PAID_FOR = func.sum(func.coalesce(message_table.c.segments, 1))
_VARIANT = event_table.c.data["variant"].as_string().label("variant")


@dataclass(frozen=True, slots=True)
class Result:
    """Of one variant of one step."""

    step: str
    variant: str
    paid: Share
    harmed: Share
    usd: Decimal
    """Of what left in these days because of it; answers to replies are not in it."""
    agreed: int = 0
    """How many promised, agreed or signed a mandate."""
    recovered_centavos: int = 0
    paid_by_day: Mapping[date, Share] = field(default_factory=dict)
    """`paid`, by the day on which they were planned."""

    @property
    def usd_per_agreement(self) -> Decimal | None:
        return self.usd / self.agreed if self.agreed else None

    @property
    def usd_per_thousand_pesos(self) -> Decimal | None:
        """Of what came in afterwards, whether or not it would have come anyway."""
        return self.usd / self.recovered_centavos * 100_000 if self.recovered_centavos else None

    def against(self, other: "Result", confidence: float = CONFIDENCE) -> tuple[float, float]:
        """How much larger a share paid, low and high, whenever somebody looks. Only of the days on which both
        were planned: other days differ by more than what is tried.
        """
        both = self.days_with(other)
        ours, theirs = (_sum(each.paid_by_day[day] for day in both) for each in (self, other))
        return difference(ours, theirs, any_look(confidence, ours.people + theirs.people))

    def days_with(self, other: "Result") -> set[date]:
        return self.paid_by_day.keys() & other.paid_by_day.keys()


def _sum(shares: Iterable[Share]) -> Share:
    found = list(shares)
    return Share(sum(each.hits for each in found), sum(each.people for each in found))


def results(
    connection: Connection,
    strategy: str,
    first: date,
    last: date,
    *,
    zone: ZoneInfo,
    prices: Prices,
    newly: bool = False,
) -> list[Result]:
    """By step and variant, of what was planned from the first day to the last, both whole. `newly`: of loans
    for which nothing was planned in the fourteen days before. Later on, whom earlier steps moved to pay is
    no longer there to be planned, but whoever is held out still is: the two are no longer alike.
    """
    people: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    usd: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    by_day: dict[tuple[str, str], dict[date, Share]] = defaultdict(dict)
    for day in _days(first, last):
        of_day = _of_day(strategy, day, zone)
        for row in connection.execute(_newly(of_day, day, zone) if newly else of_day):
            key = (row.step, row.variant or "")
            by_day[key][day] = Share(int(row.paid), row.people)
            counts = people[key]
            for place, count in enumerate((row.people, row.paid, row.harmed, row.agreed, row.recovered)):
                counts[place] += int(count or 0)
        for row in connection.execute(_sent_on(strategy, day, zone)):
            usd[row.step, row.variant or ""] += row.paid_for * prices.usd(row.channel, row.category, day)
    return [
        Result(
            *(*key, Share(paid, count), Share(harmed, count), usd[key], agreed, recovered),
            paid_by_day=by_day[key],
        )
        for key, (count, paid, harmed, agreed, recovered) in sorted(people.items())
    ]


def compared(found: Iterable[Result], newly: Iterable[Result]) -> Iterator[tuple[Result, Result]]:
    """Each variant with the champion of its step; and those who were newly planned with those held out."""
    for results_, other in ((found, CHAMPION), (newly, HELD_OUT)):
        by_name = {(each.step, each.variant): each for each in results_}
        for (step, variant), each in by_name.items():
            theirs = by_name.get((step, other))
            if variant not in (HELD_OUT, other) and theirs and each.days_with(theirs):
                yield each, theirs


def _days(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _of_day(strategy: str, day: date, zone: ZoneInfo) -> Select[Any]:
    """One statement for each day: so the end of what is counted is one time for all of its rows."""
    since, until = _hours(day, zone)
    after = (
        ledger_entry_table.c.loan_id == event_table.c.loan_id,
        ledger_entry_table.c.at >= event_table.c.created_at,
        ledger_entry_table.c.at < until + timedelta(days=DAYS),
    )
    followed = {
        name: select(literal(1)).where(*after, ledger_entry_table.c.kind.in_(words(*kinds))).exists()
        for name, kinds in (("paid", PAID), ("harmed", HARM), ("agreed", AGREED))
    }
    recovered = (
        select(func.sum(ledger_entry_table.c.data["amount"].as_integer()))
        .where(*after, ledger_entry_table.c.kind.in_(words(*PAID)))
        .scalar_subquery()
    )
    return (
        select(
            _STEP,
            _VARIANT,
            func.count().label("people"),
            *(func.sum(case((found, 1), else_=0)).label(name) for name, found in followed.items()),
            func.sum(recovered).label("recovered"),
        )
        .where(_is_of(strategy), event_table.c.created_at >= since, event_table.c.created_at < until)
        .group_by(_STEP, _VARIANT)
    )


def _newly(of_day: Select[Any], day: date, zone: ZoneInfo) -> Select[Any]:
    """Without loans for which any strategy had planned something shortly before."""
    since, _ = _hours(day, zone)
    before = select(event_table.c.loan_id).where(
        event_table.c.key.between("outreach:", "outreach:~"),
        event_table.c.created_at >= since - timedelta(days=DAYS),
        event_table.c.created_at < since,
        event_table.c.loan_id.is_not(None),
    )
    return of_day.where(event_table.c.loan_id.not_in(before))


def _sent_on(strategy: str, day: date, zone: ZoneInfo) -> Select[Any]:
    """What is paid for, messages or the segments of SMS, by step, variant, channel and WhatsApp's category: a
    template's own, else `service`.
    """
    since, until = _hours(day, zone)
    template = delivery_attempt_table.c.template
    category = case(
        (message_table.c.channel != word("whatsapp"), null()),
        (template.is_(None), SERVICE),
        else_=func.lower(func.coalesce(template_table.c.category, UTILITY)),
    ).label("category")
    return (
        select(_STEP, _VARIANT, message_table.c.channel, category, _PAID_FOR.label("paid_for"))
        .select_from(WITH_STANDING)
        .join(event_table, event_table.c.id == message_table.c.event_id)
        .outerjoin(template_table, template_table.c.content_sid == template)
        .where(_is_of(strategy), message_table.c.sent_at >= since, message_table.c.sent_at < until)
        .group_by(_STEP, _VARIANT, message_table.c.channel, category)
    )


def _is_of(strategy: str) -> ColumnElement[bool]:
    return event_table.c.key.between(f"outreach:{strategy}@", f"outreach:{strategy}@~")


def _hours(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    return datetime.combine(day, time(), zone), datetime.combine(day + timedelta(days=1), time(), zone)


def spent(connection: Connection, strategy: str, since: datetime, day: date, prices: Prices) -> Decimal:
    """What all that was planned since then costs, at the day's prices: what has not left is counted too."""
    query = (
        select(contact_point_table.c.channel, func.count().label("messages"))
        .join(contact_point_table, contact_point_table.c.id == event_table.c.contact_point_id)
        .where(
            _is_of(strategy),
            event_table.c.kind == "outreach",
            event_table.c.created_at >= since,
        )
        .group_by(contact_point_table.c.channel)
    )
    rows: list[AnyRow] = list(connection.execute(query))
    each = paid_for_each(connection, strategy, since)
    return sum(
        (row.messages * each(row.channel) * prices.usd(row.channel, UTILITY, day) for row in rows), Decimal()
    )


def paid_for_each(connection: Connection, strategy: str, since: datetime) -> Callable[[str], Decimal]:
    """How many segments an SMS of its takes, by those that have left since then; of other channels, one."""
    query = (
        select(func.avg(message_table.c.segments))
        .join(event_table, event_table.c.id == message_table.c.event_id)
        .where(_is_of(strategy), event_table.c.created_at >= since)
    )
    segments = Decimal(connection.scalar(query) or SEGMENTS)
    return lambda channel: segments if channel == "sms" else Decimal(1)
