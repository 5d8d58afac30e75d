"""A report read: the KPI's facts, summed by what is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, get_args

from sqlalchemy import ColumnElement, Connection, Select, select

from bot.reports.kpi import FACTORS, Costs, Kpi, Scope
from bot.reports.kpis import (
    arrears,
    automation,
    channels,
    claims,
    collection_period,
    complaints,
    contacts,
    cost,
    cure,
    debit,
    debit_success,
    imor,
    late_vintages,
    plans,
    promises,
    rails,
    recovery,
    redefault,
    roll_rates,
    unattended,
    vintages,
)
from bot.reports.periods import Grain, Period, as_table, cut
from bot.reports.sql import counting, total
from models import loan_table
from values import city_day

KPIS: Mapping[str, Kpi] = {
    kpi.name: kpi
    for kpi in (
        recovery.KPI,
        collection_period.KPI,
        cost.KPI,
        promises.KPI,
        contacts.KPI,
        automation.KPI,
        complaints.KPI,
        claims.KPI,
        imor.KPI,
        rails.KPI,
        arrears.KPI,
        cure.KPI,
        redefault.KPI,
        roll_rates.KPI,
        late_vintages.KPI,
        vintages.KPI,
        channels.KPI,
        unattended.KPI,
        plans.KPI,
        debit.KPI,
        debit_success.BY_AMOUNT,
        debit_success.BY_DAY,
    )
}
"""In the order in which they are shown."""
GRAINS: tuple[str, ...] = get_args(Grain)
YEARS = range(1990, 2100)
LOAN_COLUMNS = ("product", "lender")
PERIOD = "period"
Rows = list[dict[str, Any]]
NO_COSTS = Costs()


class WrongRange(ValueError):
    def __init__(self, text: str = "from is a day not after to") -> None:
        super().__init__(text)


class UnknownBy(Exception):
    def __init__(self, kpi: Kpi) -> None:
        super().__init__(f"by is one of {', '.join(ways(kpi))}")


@dataclass(frozen=True, slots=True)
class Range:
    """Both days included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise WrongRange


def default_range(kpi: Kpi, today: date) -> Range:
    return Range(today - timedelta(days=kpi.days), today)


def range_of(kpi: Kpi, today: date, first: str | None, last: str | None) -> Range:
    """Of a query's `from` and `to`: each a day, or a moment with its zone, of which the day in Mexico City is
    taken. Raises WrongRange.
    """
    until = _day("to", last) or today
    return Range(_day("from", first) or default_range(kpi, until).first, until)


def _day(name: str, text: str | None) -> date | None:
    if text is None:
        return None
    try:
        day = date.fromisoformat(text) if len(text) <= 10 else city_day(_moment(text))
    except (ValueError, OverflowError):
        message = f"{name} is a day, such as 2026-11-24"
        raise WrongRange(message) from None
    if day.year not in YEARS:
        message = f"{name} lies between {YEARS.start} and {YEARS.stop - 1}"
        raise WrongRange(message)
    return day


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    if moment.tzinfo is None:
        message = "a moment without its zone"
        raise ValueError(message)
    return moment


def ways(kpi: Kpi) -> tuple[str, ...]:
    """What it can be split by; its own dimensions are shown anyway."""
    return (
        *(() if kpi.grain else GRAINS),
        *(LOAN_COLUMNS if kpi.by_loan else ()),
        *kpi.dimensions,
    )


def count_report(
    connection: Connection,
    kpi: Kpi,
    asked: Range,
    today: date,
    by: str | None = None,
    costs: Costs = NO_COSTS,
) -> Rows:
    """From the records: rows of what they are about, the sums, and `value`, null where nothing is there to
    divide by. Raises UnknownBy, TooManyPeriods.
    """
    if by is not None and by not in ways(kpi):
        raise UnknownBy(kpi)
    grain = next((each for each in get_args(Grain) if each == by), None)
    periods = cut(asked.first, asked.last, kpi.grain or grain)
    return _counted(connection, kpi, periods, today, PERIOD if grain else by, costs)


def count_spans(
    connection: Connection, kpi: Kpi, spans: Sequence[Range], today: date, costs: Costs = NO_COSTS
) -> list[Rows]:
    """What `count_report` answers of each, in one statement where the KPI's periods are not its own. No two
    begin on one day.
    """
    if kpi.grain:
        return [count_report(connection, kpi, each, today, costs=costs) for each in spans]
    of = {each: each.last if kpi.at_close else each.first for each in spans}
    counted = {of[each]: each for each in spans}
    periods = [Period(each.first, each.last) for each in counted.values()]
    found: dict[str, Rows] = {each.first_day.isoformat(): [] for each in periods}
    for row in _counted(connection, kpi, periods, today, PERIOD, costs):
        found[row.pop(PERIOD)].append(row)
    return [found[counted[of[each]].first.isoformat()] for each in spans]


def _counted(
    connection: Connection, kpi: Kpi, periods: Sequence[Period], today: date, by: str | None, costs: Costs
) -> Rows:
    query = _summed(kpi, Scope(as_table(periods), today, costs), by)
    with counting(connection):
        rows = [dict(row) for row in connection.execute(query).mappings()]
    before = None if by in kpi.dimensions else by
    if kpi.share_of is not None:
        _divide(rows, (*kpi.share_of, *((before,) if before else ())))
    if not kpi.dimensions and by not in LOAN_COLUMNS:
        rows = _with_empty(rows, kpi, periods if by == PERIOD else None)
    if kpi.levels:  # sorting keeps the order of what comes before the dimensions
        rank = {level: place for place, level in enumerate(kpi.levels)}
        rows.sort(key=lambda row: (row.get(before) or "", *(rank[row[name]] for name in kpi.dimensions)))
    return valued(kpi, rows)


def valued(kpi: Kpi, rows: Sequence[Mapping[str, Any]]) -> Rows:
    factor = FACTORS.get(kpi.unit, 1)
    return [
        {**row, "value": factor * row["numerator"] / row["denominator"] if row["denominator"] else None}
        for row in rows
    ]


def _summed(kpi: Kpi, scope: Scope, by: str | None) -> Select[Any]:
    facts = kpi.facts(scope).subquery("facts")
    about: list[ColumnElement[Any]] = [facts.c[name] for name in kpi.dimensions]
    if by == PERIOD:
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
