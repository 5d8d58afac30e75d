"""What came of a strategy: of those who were planned for each variant, how many paid, how many asked for
silence or complained, and at what price; those who were held out on purpose are counted alike.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Date,
    Integer,
    Select,
    case,
    column,
    func,
    literal,
    null,
    select,
    values,
)

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
from models.base import AnyRow, UtcDateTime, word, words
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
VARIANT = event_table.c.data["variant"].as_string().label("variant")


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
    days = days_from(first, last, zone)
    of_days = _of_days(strategy, days)
    for row in connection.execute(_newly(of_days, days, first, last, zone) if newly else of_days):
        key = (row.step, row.variant or "")
        by_day[key][row.day] = Share(int(row.paid), row.people)
        counts = people[key]
        for place, count in enumerate((row.people, row.paid, row.harmed, row.agreed, row.recovered)):
            counts[place] += int(count or 0)
    for row in connection.execute(_sent_on(strategy, days)):
        usd[row.step, row.variant or ""] += row.paid_for * prices.usd(row.channel, row.category, row.day)
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


@dataclass(frozen=True, slots=True)
class Days:
    """Days on end, as a table: `number, day, since, until, counted_to`: what follows is counted to the end of
    the fourteenth day.
    """

    table: CTE
    begin: datetime
    end: datetime

    def have(self, at: ColumnElement[datetime]) -> ColumnElement[bool]:
        """A moment, to join the day on which it is. Where all begin and end is asked too: an index answers
        that, while each row beyond would be compared with each day.
        """
        here = self.table.c
        return (at >= self.begin) & (at < self.end) & (at >= here.since) & (at < here.until)


def days_from(first: date, last: date, zone: ZoneInfo, name: str = "days") -> Days:
    rows = []
    for number in range((last - first).days + 1):
        since, until = (
            datetime.combine(first + timedelta(days=number + more), time(), zone) for more in (0, 1)
        )
        rows.append((number, since.date(), since, until, until + timedelta(days=DAYS)))
    columns = (
        column("number", Integer),
        column("day", Date),
        column("since", UtcDateTime),
        column("until", UtcDateTime),
        column("counted_to", UtcDateTime),
    )
    return Days(values(*columns, name=name).data(rows).cte(name), begin=rows[0][2], end=rows[-1][3])


def followed(days: Days, kinds: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of these came in the loan's ledger after it was planned, while that is counted."""
    entries = select(literal(1)).where(*_after(days), ledger_entry_table.c.kind.in_(words(*kinds)))
    return entries.correlate_except(ledger_entry_table).exists()


def recovered(days: Days) -> ColumnElement[int]:
    """Centavos that came in after it was planned, while that is counted; null where nothing did."""
    entries = select(func.sum(ledger_entry_table.c.data["amount"].as_integer())).where(
        *_after(days), ledger_entry_table.c.kind.in_(words(*PAID))
    )
    return entries.correlate_except(ledger_entry_table).scalar_subquery()


def _after(days: Days) -> Sequence[ColumnElement[bool]]:
    return (
        ledger_entry_table.c.loan_id == event_table.c.loan_id,
        ledger_entry_table.c.at >= event_table.c.created_at,
        ledger_entry_table.c.at < days.table.c.counted_to,
    )


def _of_days(strategy: str, days: Days) -> Select[Any]:
    counted = {"paid": PAID, "harmed": HARM, "agreed": AGREED}
    return (
        select(
            _STEP,
            VARIANT,
            days.table.c.day,
            func.count().label("people"),
            *(func.sum(case((followed(days, kinds), 1), else_=0)).label(k) for k, kinds in counted.items()),
            func.sum(recovered(days)).label("recovered"),
        )
        .select_from(event_table)
        .join(days.table, days.have(event_table.c.created_at))
        .where(is_of(strategy))
        .group_by(_STEP, VARIANT, days.table.c.day)
    )


def _newly(of_days: Select[Any], days: Days, first: date, last: date, zone: ZoneInfo) -> Select[Any]:
    """Without loans for which any strategy had planned something in the fourteen days before."""
    longer = days_from(first - timedelta(days=DAYS), last, zone, "longer")
    planned = (
        select(event_table.c.loan_id, longer.table.c.day, longer.table.c.number)
        .distinct()
        .join(longer.table, longer.have(event_table.c.created_at))
        .where(event_table.c.key.between("outreach:", "outreach:~"), event_table.c.loan_id.is_not(None))
        .subquery("planned")
    )
    before = func.lag(planned.c.number).over(partition_by=planned.c.loan_id, order_by=planned.c.number)
    since = select(planned.c.loan_id, planned.c.day, (planned.c.number - before).label("days")).cte("since")
    return of_days.join(
        since, (since.c.loan_id == event_table.c.loan_id) & (since.c.day == days.table.c.day)
    ).where(func.coalesce(since.c.days, DAYS + 1) > DAYS)


def _sent_on(strategy: str, days: Days) -> Select[Any]:
    """What is paid for, messages or the segments of SMS, by step, variant, day, channel and WhatsApp's
    category: a template's own, else `service`.
    """
    template = delivery_attempt_table.c.template
    category = case(
        (message_table.c.channel != word("whatsapp"), null()),
        (template.is_(None), SERVICE),
        else_=func.lower(func.coalesce(template_table.c.category, UTILITY)),
    ).label("category")
    return (
        select(
            _STEP, VARIANT, days.table.c.day, message_table.c.channel, category, _PAID_FOR.label("paid_for")
        )
        .select_from(WITH_STANDING)
        .join(event_table, event_table.c.id == message_table.c.event_id)
        .join(days.table, days.have(message_table.c.sent_at))
        .outerjoin(template_table, template_table.c.content_sid == template)
        .where(is_of(strategy))
        .group_by(_STEP, VARIANT, days.table.c.day, message_table.c.channel, category)
    )


def is_of(strategy: str) -> ColumnElement[bool]:
    return event_table.c.key.between(f"outreach:{strategy}@", f"outreach:{strategy}@~")


def spent(connection: Connection, strategy: str, since: datetime, day: date, prices: Prices) -> Decimal:
    """What all that was planned since then costs, at the day's prices: what has not left is counted too."""
    query = (
        select(contact_point_table.c.channel, func.count().label("messages"))
        .join(contact_point_table, contact_point_table.c.id == event_table.c.contact_point_id)
        .where(
            is_of(strategy),
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
        .where(is_of(strategy), event_table.c.created_at >= since)
    )
    segments = Decimal(connection.scalar(query) or SEGMENTS)
    return lambda channel: segments if channel == "sms" else Decimal(1)
