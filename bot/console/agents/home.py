"""The first page: who needs a person."""

from http import HTTPStatus

from flask import Blueprint, Response, g, render_template

from bot.console import polling
from bot.console.agents.board import board
from bot.web import services
from models import read_tx


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/", view_func=home)
    blueprint.add_url_rule("/live", view_func=home_live)


def home() -> str:
    return _page()


def refused(why: str) -> tuple[str, HTTPStatus]:
    """The queue, with why its view is not kept."""
    return _page(why), HTTPStatus.UNPROCESSABLE_ENTITY


def _page(wrong: str = "") -> str:
    with read_tx(services().engine) as connection:
        return render_template("console/home.html", board=board(connection, g.agent), wrong=wrong)


def home_live() -> Response:
    with read_tx(services().engine) as connection:
        found = board(connection, g.agent)
    return polling.respond(found.version, lambda: render_template("console/live.html", board=found))
