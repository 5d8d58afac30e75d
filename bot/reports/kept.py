"""The KPIs of today's spans, and of the Sundays before it, kept as daily facts: counted by the same
statements over the ledger, and counted anew where it has moved on. A large portfolio's reports are read from
them; a small one's only while nothing has happened since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import groupby

from sqlalchemy import Connection, case, delete, func, insert, select, tuple_, update

from bot.reports.costs import costs_of
from bot.reports.kpi import Costs, Kpi
from bot.reports.money import DEBTS, PAYMENTS
from bot.reports.read import KPIS, NO_COSTS, Range, Rows, count_report, count_spans, valued
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
from models.base import AnyRow, word, words
from values import city_day

SPANS = (7, 30, 90)
"""Days that the console offers."""
TREND_DAYS, TREND_POINTS = 30, 13
POINTS_AT_ONCE = 4
UNSETTLED = timedelta(days=7)
"""How long a day's numbers change by more than payments: receipts come, promises are judged."""
SLACK = timedelta(minutes=10)
"""A payment has its moment some time before it is committed."""
LARGE_LOANS = 20_000
EVERY_MINUTES = ((7, 5), (30, 15))
SELDOM_MINUTES = 60
"""How often a large portfolio's numbers are counted anew, by the days that they are counted over at most: the
longer, the less a moment changes them, and the longer it takes to count them.
"""


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
    facts = connection.execute(
        select(row.kpi, row.rows, row.basis, row.kept_at).where(
            row.day == today, tuple_(row.kpi, row.days).in_(spans)
        )
    )
    kept = [each for each in facts if _is_whole(KPIS[each.kpi], each.rows)]
    if kept and is_large(connection):
        return {each.kpi: Report(valued(KPIS[each.kpi], each.rows), each.kept_at) for each in kept}
    present = basis(connection, costs) if kept else ""
    return {each.kpi: Report(valued(KPIS[each.kpi], each.rows)) for each in kept if each.basis == present}


def _is_whole(kpi: Kpi, rows: Rows) -> bool:
    """Whether it was counted with all columns of now: not by an earlier version of its KPI."""
    return not rows or rows[0].keys() >= {*kpi.dimensions, *kpi.extras}


def trend(connection: Connection, today: date) -> dict[str, list[tuple[date, float | None]]]:
    """By KPI: its value over thirty days, a point for each Sunday and for today, the oldest first."""
    row = daily_fact_table.c
    found: dict[str, list[tuple[date, float | None]]] = {}
    kept = select(row.kpi, row.day, row.rows).where(
        row.days == TREND_DAYS, row.day.in_(points(today)), row.kpi.in_([kpi.name for kpi in _numbers()])
    )
    for name, day, rows in connection.execute(kept.order_by(row.day)):
        found.setdefault(name, []).append((day, valued(KPIS[name], rows)[0]["value"]))
    return found


def keep_facts(services: Services) -> int:
    """Counts what is missing or was overtaken, the oldest days a few at a time; how many facts were kept.
    Each KPI is kept before the next is counted: where the sweep is killed, the next one goes on.
    """
    now, costs = services.clock.now(), costs_of(services.lender)
    today = city_day(now)
    wanted = [*_of_today(today), *_of_the_trend(today)]
    with read_tx(services.engine) as connection:
        present = basis(connection, costs)
        kept = {(row.kpi, row.day, row.days): row for row in connection.execute(_KEPT)}
        waits = is_large(connection)
        changed = [
            row
            for row in kept.values()
            if row.day == today
            and row.basis != present
            and (not waits or row.kept_at <= now - _every(row.days))
        ]
        seldom = timedelta(minutes=SELDOM_MINUTES if waits else 0)
        earlier = [row for row in kept.values() if row.day < today and row.kept_at <= now - seldom]
        stale = {
            *_overtaken_today(connection, changed),
            *_overtaken_before(connection, earlier, today, present),
        }
    gone = [kept[key].id for key in kept.keys() - {each.key for each in wanted}]
    hold = [row.id for row in (*changed, *earlier) if (row.kpi, row.day, row.days) not in stale]
    missing = [each for each in wanted if each.key not in kept or each.key in stale]
    with write_tx(services.engine) as connection:
        connection.execute(delete(daily_fact_table).where(daily_fact_table.c.id.in_(gone)))
        still = update(daily_fact_table).where(daily_fact_table.c.id.in_(hold))
        connection.execute(still.values(basis=present, kept_at=now))
    days = sorted({each.day for each in missing if each.day != today}, reverse=True)[:POINTS_AT_ONCE]
    chosen = [each for each in missing if each.day in (today, *days)]
    for _, together in groupby(chosen, key=lambda each: (each.kpi.name, each.day == today)):
        _keep(services, list(together), now, costs, present)
    return len(chosen)


def _keep(services: Services, wanted: Sequence[Wanted], now: datetime, costs: Costs, present: str) -> None:
    """Of one KPI."""
    spans = [Range(each.day - timedelta(days=each.days), each.day) for each in wanted]
    with read_tx(services.engine) as connection:
        counted = count_spans(connection, wanted[0].kpi, spans, city_day(now), costs)
    facts = [
        {
            "kpi": each.kpi.name,
            "day": each.day,
            "days": each.days,
            "rows": [{str(name): value for name, value in row.items() if name != "value"} for row in rows],
            "basis": present,
            "kept_at": now,
        }
        for each, rows in zip(wanted, counted, strict=True)
    ]
    key = tuple_(daily_fact_table.c.kpi, daily_fact_table.c.day, daily_fact_table.c.days)
    with write_tx(services.engine) as connection:
        connection.execute(delete(daily_fact_table).where(key.in_([each.key for each in wanted])))
        connection.execute(insert(daily_fact_table), facts)


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
    """Today and the Sundays before it: what is kept of one holds from day to day."""
    sunday = today - timedelta(days=today.isoweekday())
    return [today, *(sunday - timedelta(days=7 * back) for back in range(TREND_POINTS - 1))]


def _numbers() -> Sequence[Kpi]:
    return [kpi for kpi in KPIS.values() if not kpi.dimensions]


def _of_today(today: date) -> Iterator[Wanted]:
    for kpi in KPIS.values():
        for days in sorted({*SPANS, kpi.days}):
            yield Wanted(kpi, today, days)


def _of_the_trend(today: date) -> Iterator[Wanted]:
    for kpi in _numbers():
        for day in points(today)[1:]:
            yield Wanted(kpi, day, TREND_DAYS)


def _overtaken_today(connection: Connection, changed: Sequence[AnyRow]) -> Iterator[Key]:
    """Something has happened since they were kept: those that it can have changed."""
    kinds = sorted({kind for kpi in KPIS.values() for kind in kpi.moved_by})
    newest = (
        select(func.max(ledger_entry_table.c.at))
        .where(ledger_entry_table.c.kind == word(kind))
        .scalar_subquery()
        for kind in kinds
    )
    latest = dict(zip(kinds, connection.execute(select(*newest)).one(), strict=True))
    for row in changed:
        moments = [at for kind in KPIS[row.kpi].moved_by if (at := latest[kind])]
        if not KPIS[row.kpi].moved_by or any(at >= row.kept_at - SLACK for at in moments):
            yield row.kpi, row.day, row.days


def _every(days: int) -> timedelta:
    return timedelta(minutes=next((each for most, each in EVERY_MINUTES if days <= most), SELDOM_MINUTES))


def _overtaken_before(
    connection: Connection, earlier: Sequence[AnyRow], today: date, present: str
) -> Iterator[Key]:
    """Facts of days before today that a payment, a reversal or another debt has changed since, that are not
    settled yet, or whose costs are others.
    """
    if not earlier:
        return
    parts = {row.id: row.basis.split(":") for row in earlier}
    known = {of: int(entry) for of, (entry, *_) in parts.items()}
    since = min(row.kept_at for row in earlier) - SLACK
    changes = _changes(connection, min(known.values()), since)
    *_, costs = present.split(":")
    for row in earlier:
        changed = any(day <= row.day and entry > known[row.id] for day, entry in changes)
        unsettled = row.day >= today - UNSETTLED and city_day(row.kept_at) < today
        if changed or unsettled or parts[row.id][-1] != costs:
            yield row.kpi, row.day, row.days


def _changes(connection: Connection, entry: int, since: datetime) -> list[tuple[date, int]]:
    """`(from which day on, by which entry at the latest)`"""
    new, kind = ledger_entry_table.c.id > entry, ledger_entry_table.c.kind
    began = case(
        (kind == word("loan.opened"), loan_table.c.opened_on),
        (kind != word("loan.adjusted"), city_date(ledger_entry_table.c.at)),
    )
    debts = (
        select(began, func.max(ledger_entry_table.c.id))
        .join(loan_table, loan_table.c.id == ledger_entry_table.c.loan_id)
        .where(new, kind.in_(words(*DEBTS)))
        .group_by(began)
    )
    paid = city_date(payment_report_table.c.paid_at)
    changed = (
        (payment_report_table.c.created_at >= since)
        | (payment_report_table.c.decided_at >= since)
        | (inflow_table.c.reversed_at >= since)
    )
    payments = (
        select(paid, func.max(ledger_entry_table.c.id))
        .select_from(ledger_entry_table)
        .join(payment_report_table, payment_report_table.c.loan_id == ledger_entry_table.c.loan_id)
        .outerjoin(inflow_table, inflow_table.c.id == payment_report_table.c.inflow_id)
        .where(new, kind.in_(words(*PAYMENTS)), changed)
        .group_by(paid)
    )
    found = [*connection.execute(debts), *connection.execute(payments)]
    return [(day or date.min, latest) for day, latest in found]
