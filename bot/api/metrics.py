"""The KPIs: the same numbers as the console's pages."""

from datetime import date, datetime
from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from bot.api.problems import Problem
from bot.reports import KPIS, Kpi, Range, TooManyPeriods, UnknownBy, default_range, read_report
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
    asked = _range(kpi, today)
    try:
        with read_tx(services().engine) as connection:
            rows = read_report(connection, kpi, asked, today, request.args.get("by"))
    except (UnknownBy, TooManyPeriods) as error:
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


def _range(kpi: Kpi, today: date) -> Range:
    last = _day("to") or today
    first = _day("from") or default_range(kpi, last).first
    if first > last:
        raise Problem(HTTPStatus.BAD_REQUEST, "from is a day not after to")
    return Range(first, last)


def _day(name: str) -> date | None:
    """A day, or a moment with its zone, of which the day in Mexico City is taken."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(text) if len(text) <= 10 else city_day(_moment(text))
    except (ValueError, OverflowError):
        message = f"{name} is a day, such as 2026-11-24"
        raise Problem(HTTPStatus.BAD_REQUEST, message) from None


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.replace(" ", "+"))
    if moment.tzinfo is None:
        message = "a moment without its zone"
        raise ValueError(message)
    return moment
