"""What is known of each borrower, for decisions about new loans."""

from flask import Blueprint, Response

from bot.api.requests import cursor, limit, page
from bot.reports import read_features
from bot.web import services
from models import read_tx


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/features", view_func=list_features)


def list_features() -> Response:
    most, after = limit(), cursor()
    today = services().day(services().clock.now())
    with read_tx(services().engine) as connection:
        rows = read_features(connection, after, most + 1, today)
    shown = [features for _, features in rows[:most]]
    return page("borrowers", shown, rows[most - 1][0] if len(rows) > most else None)
