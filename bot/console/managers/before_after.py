"""Recovery before a day and after it, by rail: a page and a CSV. Without a day: the first on which a contact
of ours left, else the last on which as many days have passed since.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus
from io import StringIO

from flask import Blueprint, Response, g, render_template, request
from sqlalchemy import Connection, func, select

from bot.console.agents.board import counted
from bot.reports import Comparison, before_and_after
from bot.web import services
from models import message_table, read_tx
from models.base import word
from values import city_day

DEFAULT_DAYS, MOST_DAYS = 30, 366
YEARS = range(1990, 2100)
COLUMNS = ("rail", "before_centavos", "after_centavos", "after_held_equal_centavos")


@dataclass(frozen=True, slots=True)
class Line:
    rail: str
    before: int
    after: int
    equal: int


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/reports/before-after", view_func=before_after)
    blueprint.add_url_rule("/reports/before-after.csv", view_func=before_after_file)


def before_after() -> tuple[str, HTTPStatus]:
    with read_tx(services().engine) as connection:
        day, days, wrong = _asked(connection)
        found = before_and_after(connection, day, days)
        lines = _lines(found)
        total = Line(
            "", *(sum(getattr(each, name) for each in lines) for name in ("before", "after", "equal"))
        )
        page = render_template(
            "console/before_after.html",
            board=counted(connection, g.agent),
            found=found,
            lines=lines,
            total=total,
            first_day=day,
            days=days,
            today=city_day(services().clock.now()),
            wrong=wrong,
        )
    return page, HTTPStatus.BAD_REQUEST if wrong else HTTPStatus.OK


def before_after_file() -> Response:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    with read_tx(services().engine) as connection:
        day, days, _ = _asked(connection)
        writer.writerows(
            (each.rail, each.before, each.after, each.equal)
            for each in _lines(before_and_after(connection, day, days))
        )
    headers = {"Content-Disposition": 'attachment; filename="before-after.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


def _lines(found: Comparison) -> Sequence[Line]:
    return [
        Line(rail, *(side.get(rail, 0) for side in (found.before.amounts, found.after.amounts, found.equal)))
        for rail in found.rails
    ]


def _asked(connection: Connection) -> tuple[date, int, bool]:
    """The day, how many days on each side, and whether what was asked is none of these."""
    today, text = city_day(services().clock.now()), request.args.get("day", "")
    days = request.args.get("days", default=DEFAULT_DAYS, type=int)
    try:
        day = date.fromisoformat(text) if text else _first_contact(connection) or today - timedelta(days=days)
    except ValueError:
        return today, DEFAULT_DAYS, True
    right = 0 < days <= MOST_DAYS and day.year in YEARS
    return (day, days, False) if right else (today, DEFAULT_DAYS, True)


def _first_contact(connection: Connection) -> date | None:
    first = select(func.min(message_table.c.sent_at)).where(
        message_table.c.sent_at.is_not(None), message_table.c.purpose == word("contact")
    )
    at = connection.scalar(first)
    return city_day(at) if at is not None else None
