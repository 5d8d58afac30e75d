"""Where Twilio calls: messages and receipts. A 200 means that it is durably stored."""

from collections.abc import Callable
from http import HTTPStatus

import structlog
from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.transport import Receipt
from bot.channels.twilio.form import parse_form
from bot.channels.twilio.incoming import NotTwiliosForm, incoming_from
from bot.channels.twilio.posted import FORM_TYPE, MOST_BYTES, Posted, first_values, is_ours, is_signed
from bot.channels.twilio.receipts import NotAReceipt, receipt_from
from bot.conversation import receive
from bot.services import Services
from bot.web import services

log = structlog.get_logger(__name__)

KeepReceipt = Callable[[Services, Receipt], None]

EMPTY_TWIML = '<?xml version="1.0" encoding="UTF-8"?><Response/>'
TWIML_TYPE = "text/xml; charset=utf-8"


def check() -> Response | None:
    """Size first, then the signature, whose token is found by the account that the form names; then whether
    it is a form at all.
    """
    request.max_content_length = (
        MOST_BYTES + 1
    )  # of a body whose length was not announced, one byte more than allowed is read
    if (request.content_length or 0) > MOST_BYTES or len(body := request.get_data()) > MOST_BYTES:
        return Response(
            f"more than {MOST_BYTES} bytes: no message of Twilio's is this long",
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        )
    try:
        form = parse_form(body) if request.mimetype == FORM_TYPE else {}
    except ValueError as error:
        return Response(f"this is not a form of Twilio's: {error}", HTTPStatus.BAD_REQUEST)
    if not form:
        return Response(f"this is not a form of Twilio's: {FORM_TYPE} expected", HTTPStatus.BAD_REQUEST)
    posted = Posted(
        request.path,
        request.query_string.decode("latin-1"),
        request.mimetype,
        request.headers.get("X-Twilio-Signature", ""),
        body,
    )
    if not is_signed(services().settings, posted, form):
        known = is_ours(services().settings, form)
        log.warning("signature refused", path=posted.path, signed=bool(posted.signature), account_known=known)
        return Response(
            "the signature is missing or wrong: check ACUERDO_PUBLIC_URL and TWILIO_AUTH_TOKEN",
            HTTPStatus.FORBIDDEN,
        )
    if not form.get("AccountSid", [""])[0]:
        return Response("this is not a form of Twilio's: AccountSid missing", HTTPStatus.BAD_REQUEST)
    g.form = first_values(form)
    return None


def cannot_store(error: SQLAlchemyError) -> Response:
    log.error("cannot store", error=type(error).__name__, path=request.path)
    return Response(
        "cannot be stored now: send it again", HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": "2"}
    )


def messages() -> Response:
    try:
        incoming = incoming_from(g.form, services().clock.now())
    except NotTwiliosForm as error:
        return Response(str(error), HTTPStatus.BAD_REQUEST)
    received = receive(services(), incoming)
    log.info(
        "message received", sid=incoming.provider_sid, message=received.message_id, outcome=received.outcome
    )
    return Response(EMPTY_TWIML, content_type=TWIML_TYPE)


def make_blueprint(keep_receipt: KeepReceipt) -> Blueprint:
    """`keep_receipt` is what a delivery receipt is handed to: channels know nothing of the outbox."""
    blueprint = Blueprint("twilio", __name__, url_prefix="/webhooks/twilio")

    def status() -> Response:
        try:
            receipt = receipt_from(request.args.get("message"), g.form)
        except NotAReceipt as error:
            return Response(str(error), HTTPStatus.BAD_REQUEST)
        keep_receipt(services(), receipt)
        return Response(EMPTY_TWIML, content_type=TWIML_TYPE)

    blueprint.before_request(check)
    blueprint.register_error_handler(SQLAlchemyError, cannot_store)
    blueprint.add_url_rule("/messages", view_func=messages, methods=["POST"])
    blueprint.add_url_rule("/status", view_func=status, methods=["POST"])
    return blueprint
