"""Where Twilio calls: messages and receipts. A 200 means that it is durably stored."""

from http import HTTPStatus
from urllib.parse import parse_qs

import structlog
from flask import Blueprint, Response, current_app, g, request
from sqlalchemy.exc import OperationalError

from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.receipts import NotAReceipt, record_receipt
from bot.channels.twilio.signature import genuine
from bot.conversation import receive
from bot.services import Services

log = structlog.get_logger(__name__)
blueprint = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")

MOST_BYTES = 256 * 1024
MOST_FIELDS = 500
FORM = "application/x-www-form-urlencoded"
EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'


def parse(body: bytes) -> dict[str, list[str]]:
    """The form with every byte kept, even those that are no UTF-8: they were signed too. Blank values count."""
    return parse_qs(body.decode("ascii", "surrogateescape"), keep_blank_values=True, errors="surrogateescape", max_num_fields=MOST_FIELDS)


def _services() -> Services:
    services: Services = current_app.extensions["acuerdo"]
    return services


@blueprint.before_request
def check() -> Response | None:
    """Size first, then the signature, whose token is found by the account that the form names."""
    if (request.content_length or 0) > MOST_BYTES:
        return Response("a message of Twilio's is never this long", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    settings = _services().settings
    form = parse(request.get_data()) if request.mimetype == FORM else {}
    if not form:
        return Response("this is not a form of Twilio's", HTTPStatus.BAD_REQUEST)
    mine = form.get("AccountSid") == [settings.twilio_account_sid]
    query = request.query_string.decode("latin-1")
    url = settings.public_url + request.path + (f"?{query}" if query else "")
    tokens = (settings.twilio_auth_token, settings.twilio_auth_token_old)
    signature = request.headers.get("X-Twilio-Signature", "")
    if signature and mine and genuine(signature, url, form, tokens):
        g.form = {name: values[0] for name, values in form.items()}
        return None
    if "AccountSid" not in form and signature:
        return Response("this is not a form of Twilio's: AccountSid missing", HTTPStatus.BAD_REQUEST)
    log.warning("signature refused", path=request.path, signed=bool(signature), account_known=mine)
    return Response("the signature is missing or wrong: check ACUERDO_PUBLIC_URL and TWILIO_AUTH_TOKEN", HTTPStatus.FORBIDDEN)


@blueprint.errorhandler(OperationalError)
def cannot_store(error: OperationalError) -> Response:
    log.error("cannot store", error=type(error).__name__)
    return Response("cannot be stored now: send it again", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "2"})


@blueprint.post("/messages")
def messages() -> Response:
    services = _services()
    try:
        incoming = incoming_from(g.form, services.clock.now())
    except NotTwiliosForm as error:
        return Response(str(error), HTTPStatus.BAD_REQUEST)
    receive(services, incoming)
    return Response(EMPTY_TWIML, content_type="text/xml; charset=utf-8")


@blueprint.post("/status")
def status() -> Response:
    try:
        record_receipt(_services(), request.args.get("message"), g.form)
    except NotAReceipt as error:
        return Response(str(error), HTTPStatus.BAD_REQUEST)
    return Response(EMPTY_TWIML, content_type="text/xml; charset=utf-8")
