"""The KPIs: the same numbers as the console's pages."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from bot.api.problems import Problem
from bot.reports import KPIS, TooManyPeriods, UnknownBy, WrongRange, costs_of, range_of, read_report
from bot.web import services
from models import read_tx
from values import city_day


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/metrics/<name>", view_func=get_metric)


def get_metric(name: str) -> Response:
    kpi = KPIS.get(name)
    if kpi is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no such metric: one of {', '.join(KPIS)}")
    today = city_day(services().clock.now())
    try:
        asked = range_of(kpi, today, request.args.get("from"), request.args.get("to"))
        with read_tx(services().engine) as connection:
            rows = read_report(
                connection, kpi, asked, today, request.args.get("by"), costs_of(services().lender)
            )
    except (UnknownBy, TooManyPeriods, WrongRange) as error:
        raise Problem(HTTPStatus.BAD_REQUEST, str(error)) from None
    wording = services().wording
    language = request.accept_languages.best_match(["es", "en"], "es")
    locale = "en" if language == "en" else "es_MX"
    return jsonify(
        {
            "name": name,
            "title": wording.text(f"reports.{name}", {}, locale),
            "definition": wording.text(f"reports.{name}_definition", {}, locale),
            "unit": kpi.unit,
            "from": asked.first.isoformat(),
            "to": asked.last.isoformat(),
            "rows": rows,
        }
    )
