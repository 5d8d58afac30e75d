"""Where Belvo calls. It signs nothing: the address holds a secret, and what it says is a hint to fetch. A 200
means that the hint is kept.
"""

import hmac
import json
import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import structlog
from flask import Blueprint, Response, request
from sqlalchemy.exc import SQLAlchemyError

from bot.debit.hints import charge_has_news, customer_has_news, mandate_has_news
from bot.web import services

log = structlog.get_logger(__name__)
blueprint = Blueprint("belvo", __name__, url_prefix="/webhooks/belvo")

PROVIDERS = ("belvo", "simulator")
"""Whose mandates and charges these events are about."""
MOST_BYTES = 256 * 1024
_WORD = re.compile(r"[A-Za-z0-9._:-]{1,160}")


@blueprint.errorhandler(SQLAlchemyError)
def cannot_store(error: SQLAlchemyError) -> Response:
    log.error("cannot store", error=type(error).__name__, webhook="belvo")
    return Response(
        "cannot be stored now: send it again", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "2"}
    )


@blueprint.post("/<secret>")
def hint(secret: str) -> Response:
    """Size first, then the secret, then whether it is an event of Belvo's."""
    request.max_content_length = (
        MOST_BYTES + 1
    )  # of a body whose length was not announced, one byte more than allowed is read
    if (request.content_length or 0) > MOST_BYTES or len(request.get_data()) > MOST_BYTES:
        return Response(
            f"more than {MOST_BYTES} bytes: no event of Belvo's is this long",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    expected = services().settings.belvo_webhook_secret
    if not expected or not hmac.compare_digest(secret.encode(), expected.encode()):
        log.warning("wrong secret", webhook="belvo")
        return Response("the secret is wrong: check BELVO_WEBHOOK_SECRET", HTTPStatus.FORBIDDEN)
    event = _event(request.get_data())
    if event is None:
        return Response(
            "this is not an event of Belvo's: JSON with eventType and details expected",
            HTTPStatus.BAD_REQUEST,
        )
    _keep(event)
    return Response("", HTTPStatus.OK)


@dataclass(frozen=True, slots=True)
class Hint:
    """All that is used of an event. A blocked customer is named by their document alone."""

    kind: str
    code: str
    resource: str | None
    reference: str | None
    document: str | None


def _event(raw: bytes) -> Hint | None:
    """Null when it is no event."""
    try:
        given: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    details = given.get("details") if isinstance(given, dict) else None
    if not isinstance(details, dict):
        return None
    kind, code = _word(given.get("eventType")), _word(given.get("eventCode")) or ""
    names = [_word(details.get(name)) for name in ("id", "reference", "documentNumber")]
    hint = Hint(kind or "", code, *names)
    return hint if kind and (hint.resource or (kind == "customer_update" and hint.document)) else None


def _word(given: object) -> str | None:
    """Ids, codes and keys are words; anything else is none of ours."""
    return given if isinstance(given, str) and _WORD.fullmatch(given) else None


def _keep(hint: Hint) -> None:
    """What it is about is asked about by the next sweep."""
    known = None
    match hint:
        case Hint(kind="payment_request_update", resource=str(resource)):
            known = charge_has_news(services(), PROVIDERS, resource, hint.reference)
        case Hint(kind="payment_method_update" | "consent_update", resource=str(resource)):
            known = mandate_has_news(services(), PROVIDERS, resource)
        case Hint(kind="customer_update", document=str(document)):
            known = customer_has_news(services(), PROVIDERS, document)
    log.info("hint", webhook="belvo", code=hint.code, id=hint.resource, known=known)
