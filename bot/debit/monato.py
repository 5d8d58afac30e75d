"""Where Monato would call. This version does not charge through Monato, so nothing is kept of what comes, and
the answer says that instead of a 200.
"""

import hmac
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, request

from bot.web import services

log = structlog.get_logger(__name__)
blueprint = Blueprint("monato", __name__, url_prefix="/webhooks/monato")

MOST_BYTES = 256 * 1024


@blueprint.post("")
def hint() -> Response:
    """Size first, then the authorization that the settings hold."""
    request.max_content_length = MOST_BYTES + 1
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data()) > MOST_BYTES:
        return Response(
            f"more than {MOST_BYTES} bytes: no event of Monato's is this long",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    expected = services().settings.monato_webhook_authorization
    given = request.headers.get("Authorization", "")
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        log.warning("wrong authorization", webhook="monato")
        return Response(
            "the authorization is wrong: check MONATO_WEBHOOK_AUTHORIZATION", HTTPStatus.FORBIDDEN
        )
    log.warning("not served", webhook="monato")
    return Response(
        "Monato is not served by this version: set ACUERDO_DEBIT_PROVIDER to belvo",
        HTTPStatus.NOT_IMPLEMENTED,
    )
