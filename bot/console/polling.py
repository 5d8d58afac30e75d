"""The answer to a page that polls: 304 by its ETag until something changed."""

import hashlib
from collections.abc import Callable
from http import HTTPStatus

from flask import Response, request, session

from bot.console.formatting import locale


def respond(version: object, render: Callable[[], str]) -> Response:
    """`version` tells states apart; the page's words are made only for one that the reader has not seen."""
    seed = repr((version, locale(), session.get("token")))
    tag = hashlib.blake2s(seed.encode(), digest_size=12).hexdigest()
    response = (
        Response(status=HTTPStatus.NOT_MODIFIED) if tag in request.if_none_match else Response(render())
    )
    response.set_etag(tag)
    return response
