"""The KPIs as pages and as CSV: the same numbers as the API's."""

import csv
from http import HTTPStatus
from io import StringIO
from typing import Any

from babel.numbers import format_decimal, format_percent
from flask import Blueprint, Response, abort, render_template

from bot.console import formatting
from bot.reports import KPIS, Kpi, Range, default_range, read_report
from bot.web import services
from models import read_tx
from values import city_day

DECIMALS = "#,##0.##"


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports", view_func=reports)
    blueprint.add_url_rule("/reports/<name>.csv", view_func=report_file)


def reports() -> str:
    found = [(name, _columns(kpi), *_read(kpi)) for name, kpi in KPIS.items()]
    tables = [
        {
            "name": name,
            "title": services().wording.text(f"reports.{name}", {}, formatting.locale()),
            "definition": services().wording.text(f"reports.{name}_definition", {}, formatting.locale()),
            "columns": columns,
            "asked": asked,
            "rows": [[_shown(KPIS[name], column, row[column]) for column in columns] for row in rows],
        }
        for name, columns, asked, rows in found
    ]
    return render_template("console/reports.html", tables=tables)


def report_file(name: str) -> Response:
    kpi = KPIS.get(name) or abort(HTTPStatus.NOT_FOUND)
    columns = _columns(kpi)
    text = StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(_read(kpi)[1])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _read(kpi: Kpi) -> tuple[Range, list[dict[str, Any]]]:
    today = city_day(services().clock.now())
    asked = default_range(kpi, today)
    with read_tx(services().engine) as connection:
        return asked, read_report(connection, kpi, asked, today)


def _columns(kpi: Kpi) -> list[str]:
    return [*kpi.dimensions, "value", "numerator", "denominator", *kpi.extras]


def _shown(kpi: Kpi, column: str, value: Any) -> str:
    locale = formatting.locale()
    if value is None:
        return "–"
    if column == "value":
        return (
            format_percent(value, "0.0 %", locale=locale)
            if kpi.unit == "ratio"
            else format_decimal(value, DECIMALS, locale=locale)
        )
    if column.endswith("_centavos") or (kpi.in_money and column in ("numerator", "denominator")):
        return formatting.money(value)
    return (
        format_decimal(value, DECIMALS, locale=locale)
        if isinstance(value, int)
        else formatting.named(column, value)
    )
