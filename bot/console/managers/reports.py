"""The KPIs as a page and as CSV: the same numbers as the API's."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from http import HTTPStatus
from io import StringIO
from typing import Any

from babel.numbers import format_decimal
from babel.units import format_unit
from flask import Blueprint, Response, abort, g, render_template, request
from sqlalchemy import Connection

from bot.console import formatting
from bot.console.agents.board import counted
from bot.console.managers import charts
from bot.reports import (
    KPIS,
    SPANS,
    Kpi,
    Range,
    Report,
    TooManyPeriods,
    Unit,
    WrongRange,
    costs_of,
    range_of,
    read_reports,
    trend,
)
from bot.web import services
from models import read_tx
from values import city_day

CHARTED = (("late",), ("band",), ("month_day",), ("within",))
FROM_TO = ("bucket", "to_bucket")
DECIMALS = "#,##0.##"
Rows = list[dict[str, Any]]


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports", view_func=reports)
    blueprint.add_url_rule("/reports/<name>.csv", view_func=report_file)


def reports() -> tuple[str, HTTPStatus]:
    today, wrong = city_day(services().clock.now()), False
    with read_tx(services().engine) as connection:
        try:
            found = _read(connection, today, request.args)
        except (WrongRange, TooManyPeriods):
            found, wrong = _read(connection, today, {}), True
        board, trends = counted(connection, g.agent), trend(connection, today)
    page = render_template(
        "console/reports.html",
        board=board,
        kept=min((each.kept_at for _, each in found.values() if each.kept_at), default=None),
        numbers=[
            _number(KPIS[name], asked, report.rows, trends.get(name, []))
            for name, (asked, report) in found.items()
            if not KPIS[name].dimensions
        ],
        tables=[
            _table(KPIS[name], asked, report.rows)
            for name, (asked, report) in found.items()
            if KPIS[name].dimensions
        ],
        spans={days: today - timedelta(days=days) for days in SPANS},
        asked=None if wrong else _asked(found),
        today=today,
        wrong=wrong,
    )
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def report_file(name: str) -> Response:
    kpi = KPIS.get(name) or abort(HTTPStatus.NOT_FOUND)
    text, today = StringIO(), city_day(services().clock.now())
    try:
        with read_tx(services().engine) as connection:
            _, report = _read(connection, today, request.args, {name: kpi})[name]
    except (WrongRange, TooManyPeriods):
        abort(HTTPStatus.BAD_REQUEST)
    writer = csv.DictWriter(text, [*kpi.dimensions, "value", "numerator", "denominator", *kpi.extras])
    writer.writeheader()
    writer.writerows(report.rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _read(
    connection: Connection, today: date, query: Any, kpis: Mapping[str, Kpi] = KPIS
) -> dict[str, tuple[Range, Report]]:
    """`query` gives `from` and `to`; where neither is given, each KPI looks as far back as is its way."""
    first, last = query.get("from") or None, query.get("to") or None
    asked = {name: range_of(kpi, today, first, last) for name, kpi in kpis.items()}
    found = read_reports(connection, asked, today, costs_of(services().lender))
    return {name: (asked[name], report) for name, report in found.items()}


def _asked(found: dict[str, tuple[Range, Report]]) -> Range:
    return next(asked for asked, _ in found.values())


def _number(
    kpi: Kpi, asked: Range, rows: Rows, points: Sequence[tuple[date, float | None]]
) -> dict[str, Any]:
    """A KPI of one row: its value, what it is made of, what is counted along with it, and its last weeks."""
    row = rows[0]
    return _headed(kpi, asked) | {
        "value": shown(kpi, "value", row["value"]),
        "share": row["value"] if kpi.unit == "ratio" else None,
        "parts": [
            (column_name(kpi, column), shown(kpi, column, row[column]))
            for column in (*(("numerator", "denominator") if kpi.unit != "days" else ()), *kpi.extras)
        ],
        "line": charts.line([value for _, value in points]),
        "points": [(formatting.short_day(day), shown(kpi, "value", value)) for day, value in points],
    }


def _table(kpi: Kpi, asked: Range, rows: Rows) -> dict[str, Any]:
    columns = [*kpi.dimensions, "value", "numerator", "denominator", *kpi.extras]
    return _headed(kpi, asked) | {
        "columns": [(column_name(kpi, column), column not in kpi.dimensions) for column in columns],
        "rows": [
            (
                {column: row[column] for column in kpi.dimensions},
                [(shown(kpi, column, row[column]), _share(column, row)) for column in columns],
            )
            for row in rows
        ],
        "matrix": _matrix(kpi, rows) if rows and kpi.dimensions == FROM_TO else None,
        "bars": _columns(kpi, rows),
        "lines": _lines(kpi, rows) if "cohort" in kpi.dimensions else [],
    }


def _matrix(kpi: Kpi, rows: Rows) -> dict[str, Any]:
    """From where, down; to where, across; each cell with what it is about."""
    found = {tuple(row[name] for name in FROM_TO): row["value"] for row in rows}
    down, across = ([level for level in kpi.levels if level in levels] for levels in zip(*found, strict=True))
    return {
        "corner": " → ".join(column_name(kpi, name) for name in FROM_TO),
        "columns": [value_name(FROM_TO[1], level) for level in across],
        "rows": [
            (
                value_name(FROM_TO[0], start),
                [
                    (dict(zip(FROM_TO, (start, end), strict=True)), shown(kpi, "value", found[start, end]))
                    if (start, end) in found
                    else None
                    for end in across
                ],
            )
            for start in down
        ],
    }


def _columns(kpi: Kpi, rows: Rows) -> list[charts.Column]:
    """Of a KPI whose rows have one order: its values, one next to the other."""
    if kpi.dimensions not in CHARTED:
        return []
    (name,) = kpi.dimensions
    return charts.columns([(str(row[name]), shown(kpi, "value", row["value"]), row["value"]) for row in rows])


def _lines(kpi: Kpi, rows: Rows) -> list[charts.Line]:
    """A line for each cohort, named by it and by the value where it ends."""
    found: dict[str, dict[int, float]] = {}
    for row in rows:
        found.setdefault(row["cohort"], {})[row["months"]] = row["value"] or 0.0
    return [
        replace(line, name=f"{line.name} · {shown(kpi, 'value', found[line.name][max(found[line.name])])}")
        for line in charts.lines(found)
    ]


def _headed(kpi: Kpi, asked: Range) -> dict[str, Any]:
    return {
        "name": kpi.name,
        "title": services().wording.text(f"reports.{kpi.name}", {}, formatting.locale()),
        "definition": services().wording.text(f"reports.{kpi.name}_definition", {}, formatting.locale()),
        "asked": asked,
    }


def column_name(kpi: Kpi, column: str) -> str:
    if column in ("numerator", "denominator"):
        return services().wording.text(f"reports.{kpi.name}_{column}", {}, formatting.locale())
    return formatting.named("column", column)


def _share(column: str, row: dict[str, Any]) -> float | None:
    return min(row["value"], 1) if column == "value" and row["value"] is not None else None


@lru_cache(maxsize=8192)
def _value(unit: Unit, value: float, locale: str) -> str:
    """Kept: the same numbers are shown until they are counted anew."""
    match unit:
        case "ratio":
            return formatting.percent(value, 1)
        case "days":
            return format_unit(value, "duration-day", format="#,##0.#", locale=locale)
        case "per_10000":
            return format_decimal(value, "#,##0.0", locale=locale)


def shown(kpi: Kpi, column: str, value: Any) -> str:
    locale = formatting.locale()
    if value is None:
        return "–"
    if column == "value":
        return _value(kpi.unit, value, locale)
    if column.endswith("_centavos") or (kpi.in_money and column in ("numerator", "denominator")):
        return formatting.money(value)
    return (
        format_decimal(value, DECIMALS, locale=locale)
        if isinstance(value, int)
        else value_name(column, value)
    )


def value_name(column: str, value: str) -> str:
    """Of a dimension; a debit that has no return code shows its state."""
    return formatting.named("charge" if column == "code" else column, value)
