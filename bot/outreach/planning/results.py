"""What came of a strategy: of those who were planned for each variant, how many paid, how many asked for
silence or complained, and at what price; those who were held out on purpose are counted alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, null, select

from bot.lender import Prices
from bot.outreach.planning.arms import CHAMPION, HELD_OUT
from bot.outreach.planning.intervals import Share, difference
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

    @property
    def usd_per_agreement(self) -> Decimal | None:
        return self.usd / self.agreed if self.agreed else None

    @property
    def usd_per_thousand_pesos(self) -> Decimal | None:
        """Of what came in afterwards, whether or not it would have come anyway."""
        return self.usd / self.recovered_centavos * 100_000 if self.recovered_centavos else None

    def against(self, other: "Result", confidence: float = CONFIDENCE) -> tuple[float, float]:
        """How much larger a share paid, low and high."""
        return difference(self.paid, other.paid, confidence)


def results(
    connection: Connection, strategy: str, first: date, last: date, *, zone: ZoneInfo, prices: Prices
) -> list[Result]:
    """By step and variant, of what was planned from the first day to the last, both whole."""
    people: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    usd: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for day in _days(first, last):
        for row in connection.execute(_of_day(strategy, day, zone)):
            key = (row.step, row.variant or "")
            counts = people[key]
            for place, count in enumerate((row.people, row.paid, row.harmed, row.agreed, row.recovered)):
                counts[place] += int(count or 0)
        for row in connection.execute(_sent_on(strategy, day, zone)):
            usd[row.step, row.variant or ""] += row.paid_for * prices.usd(row.channel, row.category, day)
    return [
        Result(step, variant, Share(paid, count), Share(harmed, count), usd[step, variant], agreed, recovered)
        for (step, variant), (count, paid, harmed, agreed, recovered) in sorted(people.items())
    ]


def compared(found: list[Result]) -> Iterator[tuple[Result, Result]]:
    """Each variant with what it is tried against: the champion of its step; all with those held out."""
    by_name = {(each.step, each.variant): each for each in found}
    for each in found:
        if each.variant not in (HELD_OUT, CHAMPION, "") and (each.step, CHAMPION) in by_name:
            yield each, by_name[each.step, CHAMPION]
        if each.variant != HELD_OUT and (each.step, HELD_OUT) in by_name:
            yield each, by_name[each.step, HELD_OUT]


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
