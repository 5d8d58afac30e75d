"""The KPIs of today's spans, and of one day a week before it, kept as daily facts: counted by the same
statements over the ledger, and counted anew where it has moved on. A large portfolio's reports are read from
them; a small one's only while nothing has happened since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, delete, func, insert, select, tuple_

from bot.reports.costs import costs_of
from bot.reports.kpi import Costs, Kpi
from bot.reports.read import KPIS, NO_COSTS, Range, Rows, count_report, valued
from bot.reports.sql import city_date
from bot.services import Services
from models import (
    daily_fact_table,
    inflow_table,
    ledger_entry_table,
    loan_table,
    message_table,
    payment_report_table,
    read_tx,
    task_table,
    write_tx,
)
from models.base import AnyRow, words
from values import city_day

SPANS = (7, 30, 90)
"""Days that the console offers."""
TREND_DAYS, TREND_POINTS = 30, 13
POINTS_AT_ONCE = 2
LARGE_LOANS = 20_000
EVERY_MINUTES = ((7, 5), (30, 15))
SELDOM_MINUTES = 60
"""How often a large portfolio's numbers are counted anew, by the days that they are counted over at most: the
longer, the less a moment changes them, and the longer it takes to count them.
"""
PAYMENTS = ("payment.posted", "payment.reversed", "charge.collected", "charge.settled", "charge.reversed")
DEBTS = (
    "loan.opened",
    "loan.adjusted",
    "accrual.posted",
    "waiver.granted",
    "write_off.posted",
    "refund.posted",
)
"""What changes what is owed, as of the beginning."""


Key = tuple[str, date, int]
Kept = Mapping[Key, AnyRow]
_KEPT = select(
    daily_fact_table.c.id,
    daily_fact_table.c.kpi,
    daily_fact_table.c.day,
    daily_fact_table.c.days,
    daily_fact_table.c.basis,
    daily_fact_table.c.kept_at,
).where(daily_fact_table.c.days > 0)


@dataclass(frozen=True, slots=True)
class Report:
    rows: Rows
    kept_at: datetime | None = None
    """When it was counted, where that is not now."""


@dataclass(frozen=True, slots=True)
class Wanted:
    kpi: Kpi
    day: date
    days: int

    @property
    def key(self) -> Key:
        return self.kpi.name, self.day, self.days


def read_report(
    connection: Connection,
    kpi: Kpi,
    asked: Range,
    today: date,
    by: str | None = None,
    costs: Costs = NO_COSTS,
) -> Rows:
    """`count_report`'s rows, from the facts that are kept where they hold. Raises UnknownBy,
    TooManyPeriods.
    """
    kept = {} if by else _held(connection, {kpi.name: asked}, today, costs)
    return kept[kpi.name].rows if kept else count_report(connection, kpi, asked, today, by, costs)


def read_reports(
    connection: Connection, asked: Mapping[str, Range], today: date, costs: Costs
) -> dict[str, Report]:
    """By KPI what `read_report` answers, together. Raises TooManyPeriods."""
    kept = _held(connection, asked, today, costs)
    return {
        name: kept.get(name) or Report(count_report(connection, KPIS[name], each, today, costs=costs))
        for name, each in asked.items()
    }


def _held(connection: Connection, asked: Mapping[str, Range], today: date, costs: Costs) -> dict[str, Report]:
    """By KPI the facts that hold: of a large portfolio as they are; of a small one while nothing happened."""
    row = daily_fact_table.c
    spans = [(name, (today - each.first).days) for name, each in asked.items() if each.last == today]
    kept = connection.execute(
        select(row.kpi, row.rows, row.basis, row.kept_at).where(
            row.day == today, tuple_(row.kpi, row.days).in_(spans)
        )
    ).all()
    if kept and is_large(connection):
        return {each.kpi: Report(valued(KPIS[each.kpi], each.rows), each.kept_at) for each in kept}
    present = basis(connection, costs) if kept else ""
    return {each.kpi: Report(valued(KPIS[each.kpi], each.rows)) for each in kept if each.basis == present}


def trend(connection: Connection, today: date) -> dict[str, list[tuple[date, float | None]]]:
    """By KPI: its value over thirty days, a point a week up to today, the oldest first."""
    row = daily_fact_table.c
    found: dict[str, list[tuple[date, float | None]]] = {}
    kept = select(row.kpi, row.day, row.rows).where(
        row.days == TREND_DAYS, row.day.in_(points(today)), row.kpi.in_([kpi.name for kpi in _numbers()])
    )
    for name, day, rows in connection.execute(kept.order_by(row.day)):
        found.setdefault(name, []).append((day, valued(KPIS[name], rows)[0]["value"]))
    return found


def keep_facts(services: Services) -> int:
    """Counts what is missing or was overtaken, the oldest days a few at a time; how many facts were kept."""
    now, costs = services.clock.now(), costs_of(services.lender)
    today = city_day(now)
    with read_tx(services.engine) as connection:
        present = basis(connection, costs)
        kept = {(row.kpi, row.day, row.days): row for row in connection.execute(_KEPT)}
        stale = {
            *_overtaken_today(connection, kept, today, now, present),
            *_overtaken_before(connection, kept, today),
        }
        wanted = [*_of_today(today), *_of_the_trend(today)]
        missing = [each for each in wanted if each.key not in kept or each.key in stale]
        days = sorted({each.day for each in missing if each.day != today}, reverse=True)[:POINTS_AT_ONCE]
        chosen = [each for each in missing if each.day in (today, *days)]
        facts = [_counted(connection, each, costs) | {"basis": present, "kept_at": now} for each in chosen]
    gone = {*stale, *(kept.keys() - {each.key for each in wanted})} & kept.keys()
    with write_tx(services.engine) as connection:
        connection.execute(
            delete(daily_fact_table).where(daily_fact_table.c.id.in_([kept[key].id for key in gone]))
        )
        if facts:
            connection.execute(insert(daily_fact_table), facts)
    return len(facts)


def basis(connection: Connection, costs: Costs) -> str:
    """How far the records go: whatever is counted follows from what these number, and from the costs."""
    newest = (
        select(func.coalesce(func.max(table.c.id), 0)).scalar_subquery()
        for table in (ledger_entry_table, message_table, task_table)
    )
    numbers = connection.execute(select(*newest)).one()
    return ":".join(map(str, (*numbers, sha256(repr(costs).encode()).hexdigest()[:8])))


def is_large(connection: Connection) -> bool:
    return (connection.scalar(select(func.max(loan_table.c.id))) or 0) >= LARGE_LOANS


def points(today: date) -> list[date]:
    return [today - timedelta(days=7 * back) for back in range(TREND_POINTS)]


def _numbers() -> Sequence[Kpi]:
    return [kpi for kpi in KPIS.values() if not kpi.dimensions]


def _of_today(today: date) -> Iterator[Wanted]:
    for kpi in KPIS.values():
        for days in sorted({*SPANS, kpi.days}):
            yield Wanted(kpi, today, days)


def _of_the_trend(today: date) -> Iterator[Wanted]:
    for day in points(today)[1:]:
        for kpi in _numbers():
            yield Wanted(kpi, day, TREND_DAYS)


def _counted(connection: Connection, wanted: Wanted, costs: Costs) -> dict[str, Any]:
    asked = Range(wanted.day - timedelta(days=wanted.days), wanted.day)
    rows = count_report(connection, wanted.kpi, asked, wanted.day, costs=costs)
    kept = [{str(name): value for name, value in row.items() if name != "value"} for row in rows]
    return {"kpi": wanted.kpi.name, "day": wanted.day, "days": wanted.days, "rows": kept}


def _overtaken_today(
    connection: Connection, kept: Kept, today: date, now: datetime, present: str
) -> Iterator[Key]:
    large = is_large(connection)
    for key, row in kept.items():
        wait = _every(row.days) if large else timedelta()
        if row.day == today and row.basis != present and row.kept_at <= now - wait:
            yield key


def _every(days: int) -> timedelta:
    return timedelta(minutes=next((each for most, each in EVERY_MINUTES if days <= most), SELDOM_MINUTES))


def _overtaken_before(connection: Connection, kept: Kept, today: date) -> Iterator[Key]:
    """Facts of days before today that a payment, a reversal or another debt has changed since."""
    earlier = {key: row for key, row in kept.items() if row.day < today}
    if not earlier:
        return
    known = {key: int(row.basis.split(":")[0]) for key, row in earlier.items()}
    changes = _changes(connection, min(known.values()), min(row.kept_at for row in earlier.values()))
    for key, row in earlier.items():
        if any(day <= row.day and entry > known[key] for day, entry in changes):
            yield key


def _changes(connection: Connection, entry: int, since: datetime) -> list[tuple[date, int]]:
    """`(from which day on, by which entry at the latest)`"""
    new = ledger_entry_table.c.id > entry
    debts = select(func.max(ledger_entry_table.c.id)).where(new, ledger_entry_table.c.kind.in_(words(*DEBTS)))
    day = city_date(payment_report_table.c.paid_at)
    changed = (
        (payment_report_table.c.created_at >= since)
        | (payment_report_table.c.decided_at >= since)
        | (inflow_table.c.reversed_at >= since)
    )
    payments = (
        select(day, func.max(ledger_entry_table.c.id))
        .select_from(ledger_entry_table)
        .join(payment_report_table, payment_report_table.c.loan_id == ledger_entry_table.c.loan_id)
        .outerjoin(inflow_table, inflow_table.c.id == payment_report_table.c.inflow_id)
        .where(new, ledger_entry_table.c.kind.in_(words(*PAYMENTS)), changed)
        .group_by(day)
    )
    found = [(row[0], row[1]) for row in connection.execute(payments)]
    latest = connection.scalar(debts)
    return [*found, *([(date.min, latest)] if latest else [])]
