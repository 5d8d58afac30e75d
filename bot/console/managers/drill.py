"""From a KPI's number to what it was counted from: the loans, as a page and as CSV."""

import csv
from collections.abc import Mapping
from http import HTTPStatus
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, g, render_template, request, url_for

from bot.console import formatting
from bot.console.agents.board import counted
from bot.console.agents.conversation import bounded
from bot.console.managers.reports import column_name, shown, value_name
from bot.reports import KPIS, Kpi, Range, TooManyPeriods, WrongRange, costs_of, range_of, read_subjects
from bot.web import services
from models import read_tx
from values import city_day

PAGE = 100


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports/<name>/behind", view_func=behind)
    blueprint.add_url_rule("/reports/<name>/behind.csv", view_func=behind_file)


def behind(name: str) -> str:
    kpi = _kpi(name)
    after = request.args.get("after", default=0, type=bounded)
    with read_tx(services().engine) as connection:
        board = counted(connection, g.agent)
    asked, only, rows = _read(kpi, after, PAGE + 1)
    columns = _columns(kpi, rows)
    address = {"from": asked.first.isoformat(), "to": asked.last.isoformat(), **only}
    return render_template(
        "console/behind.html",
        board=board,
        title=services().wording.text(f"reports.{kpi.name}", {}, formatting.locale()),
        asked=asked,
        only=[(formatting.named("column", key), value_name(key, value)) for key, value in only.items()],
        columns=[column_name(kpi, column) for column in columns],
        rows=[
            (_link(kpi, row), row, [shown(kpi, column, row[column]) for column in columns])
            for row in rows[:PAGE]
        ],
        by_loan=kpi.by_loan,
        file=f"{url_for('console.behind_file', name=kpi.name)}?{urlencode(address)}",
        back=f"{url_for('console.reports')}?{urlencode({key: address[key] for key in ('from', 'to')})}",
        more=f"?{urlencode(address | {'after': rows[PAGE - 1]['id']})}" if len(rows) > PAGE else None,
    )


def behind_file(name: str) -> Response:
    kpi = _kpi(name)
    _, _, rows = _read(kpi, 0, 20_000)
    columns = ["name", *(("product",) if kpi.by_loan else ()), *_columns(kpi, rows)]
    text = StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}-behind.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _kpi(name: str) -> Kpi:
    return KPIS.get(name) or abort(HTTPStatus.NOT_FOUND)


def _read(kpi: Kpi, after: int, most: int) -> tuple[Range, Mapping[str, str], list[dict[str, Any]]]:
    today, query = city_day(services().clock.now()), request.args
    only = {name: query[name] for name in kpi.dimensions if query.get(name)}
    try:
        asked = range_of(kpi, today, query.get("from") or None, query.get("to") or None)
        with read_tx(services().engine) as connection:
            rows = read_subjects(
                connection,
                kpi,
                asked,
                today,
                only,
                costs=costs_of(services().lender),
                after=after,
                most=most,
            )
            return asked, only, rows
    except (WrongRange, TooManyPeriods):
        abort(HTTPStatus.BAD_REQUEST)


def _columns(kpi: Kpi, rows: list[dict[str, Any]]) -> list[str]:
    given = ("numerator", *(() if kpi.share_of is not None else ("denominator",)), *kpi.extras)
    return [column for column in given if not rows or column in rows[0]]


def _link(kpi: Kpi, row: Mapping[str, Any]) -> str:
    if kpi.by_loan:
        return url_for("console.ledger", loan_id=row["id"])
    return url_for("console.conversation", conversation_id=row["id"])
