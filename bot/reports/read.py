"""A report read: the KPI's facts, summed by what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Select, select

from bot.reports import (
    automation,
    channels,
    collection_period,
    complaints,
    contacts,
    debit,
    plans,
    promises,
    rails,
    recovery,
    roll_rates,
    vintages,
)
from bot.reports.kpi import Kpi, Scope
from bot.reports.periods import Grain, Period, as_table, cut
from bot.reports.sql import total
from models import loan_table

KPIS: Mapping[str, Kpi] = {
    each.KPI.name: each.KPI
    for each in (
        recovery,
        collection_period,
        channels,
        rails,
        promises,
        contacts,
        roll_rates,
        vintages,
        debit,
        complaints,
        automation,
        plans,
    )
}
GRAINS: tuple[str, ...] = get_args(Grain)
LOAN_COLUMNS = ("product", "lender")
Rows = list[dict[str, Any]]


class UnknownBy(Exception):
    def __init__(self, kpi: Kpi) -> None:
        super().__init__(f"by is one of {', '.join(ways(kpi))}")


@dataclass(frozen=True, slots=True)
class Range:
    """Both days included."""

    first: date
    last: date


def default_range(kpi: Kpi, today: date) -> Range:
    return Range(today - timedelta(days=kpi.days), today)


def ways(kpi: Kpi) -> tuple[str, ...]:
    """What it can be told by; its own dimensions are told anyway."""
    return (
        *(() if kpi.grain else GRAINS),
        *(LOAN_COLUMNS if kpi.by_loan else ()),
        *kpi.dimensions,
    )


def read_report(connection: Connection, kpi: Kpi, asked: Range, today: date, by: str | None = None) -> Rows:
    """Rows of what they are about, the sums, and `value`: null where nothing is there to divide by. Raises
    UnknownBy, TooManyPeriods.
    """
    if by is not None and by not in ways(kpi):
        raise UnknownBy(kpi)
    grain = next((each for each in get_args(Grain) if each == by), None)
    periods = cut(asked.first, asked.last, kpi.grain or grain)
    query = _summed(kpi, Scope(as_table(periods), today), by)
    rows = [dict(row) for row in connection.execute(query).mappings()]
    if kpi.share_of is not None:
        _divide(rows, (*kpi.share_of, *(() if by is None or by in kpi.dimensions else (_name(by),))))
    if not kpi.dimensions and by not in LOAN_COLUMNS:
        rows = _with_empty(rows, kpi, periods if grain else None)
    for row in rows:
        row["value"] = row["numerator"] / row["denominator"] if row["denominator"] else None
    return rows


def _name(by: str) -> str:
    return "period" if by in GRAINS else by


def _summed(kpi: Kpi, scope: Scope, by: str | None) -> Select[Any]:
    facts = kpi.facts(scope).subquery("facts")
    about: list[ColumnElement[Any]] = [facts.c[name] for name in kpi.dimensions]
    if by in GRAINS:
        about.insert(0, facts.c.period)
    elif by in LOAN_COLUMNS:
        about.insert(0, loan_table.c[by])
    sums = ("numerator", *(() if kpi.share_of is not None else ("denominator",)), *kpi.extras)
    query = select(*about, *(total(facts.c[name]).label(name) for name in sums))
    if by in LOAN_COLUMNS:
        query = query.join_from(facts, loan_table, loan_table.c.id == facts.c.loan_id)
    return query.group_by(*about).order_by(*about) if about else query


def _divide(rows: Rows, alike: Sequence[str]) -> None:
    sums: dict[tuple[Any, ...], int] = {}
    for row in rows:
        group = tuple(row[name] for name in alike)
        sums[group] = sums.get(group, 0) + row["numerator"]
    for row in rows:
        row["denominator"] = sums[tuple(row[name] for name in alike)]


def _with_empty(rows: Rows, kpi: Kpi, periods: Sequence[Period] | None) -> Rows:
    """A row for each period, one where nothing happened too."""
    nothing = dict.fromkeys(("numerator", "denominator", *kpi.extras), 0)
    if periods is None:
        return rows or [nothing]
    found = {row["period"]: row for row in rows}
    days = [each.first_day.isoformat() for each in periods]
    return [found.get(day) or {"period": day, **nothing} for day in days]
