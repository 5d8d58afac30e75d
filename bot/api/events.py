"""The feed: every ledger entry and task of all loans in one order, read from any position."""

from http import HTTPStatus

from flask import Blueprint, Response, jsonify, request

from bot.api.problems import Problem
from bot.api.requests import limit
from bot.web import services
from bot.webhooks import events_after
from models import read_tx

HIGHEST_POSITION = 2**63 - 1


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/events", view_func=list_events)


def list_events() -> Response:
    """Those after the position `after`, oldest first; `next` is what to ask with next time, whether or not
    there is more.
    """
    most, after = limit(), _after()
    with read_tx(services().engine) as connection:
        items = events_after(connection, after, most + 1)
    shown = items[:most]
    reached = shown[-1].position if shown else after
    return jsonify(
        {
            "events": [item.body for item in shown],
            "next": str(reached),
            "next_cursor": str(reached) if len(items) > most else None,
        }
    )


def _after() -> int:
    """`cursor` is taken too, as on every list."""
    text = request.args.get("after", request.args.get("cursor", "0"))
    if not (text.isascii() and text.isdecimal()) or len(text) > 19 or int(text) > HIGHEST_POSITION:
        raise Problem(HTTPStatus.BAD_REQUEST, "after is a position of the feed: `next` of the previous page")
    return int(text)
