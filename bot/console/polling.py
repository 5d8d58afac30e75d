"""What a page learns by itself: the answer to one that polls, 304 by its ETag until something changed; and
the stream that says what changed.
"""

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from flask import Blueprint, Response, request, session

from bot.console.formatting import locale

RETRY_MILLISECONDS = 5_000


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/changes", view_func=changes_live)


def changes_live() -> Response:
    """Kept open by `bot.web.server`; behind another server it is over at once: the page polls."""
    headers = {"X-Accel-Buffering": "no"}
    body = f"retry: {RETRY_MILLISECONDS}\n\n"
    return Response(body, content_type="text/event-stream; charset=utf-8", headers=headers)


def respond(version: object, render: Callable[[], str]) -> Response:
    """`version` tells states apart; the page's words are made only for one that the reader has not seen."""
    seed = repr((version, locale(), session.get("token")))
    tag = hashlib.blake2s(seed.encode(), digest_size=12).hexdigest()
    response = (
        Response(status=HTTPStatus.NOT_MODIFIED) if tag in request.if_none_match else Response(render())
    )
    response.set_etag(tag)
    return response
