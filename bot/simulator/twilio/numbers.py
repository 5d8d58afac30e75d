"""Numbers and messaging services, as far as `acuerdo twilio configure` speaks with them."""

from typing import Any

from flask import Response, jsonify, request

from bot.simulator.twilio.service import blueprint, iso, rfc2822
from bot.web import services

_NUMBERS = "/2010-04-01/Accounts/<account>/IncomingPhoneNumbers"
SMS_NUMBER = "PN" + "0" * 32


def _number(account: str) -> dict[str, Any]:
    now = rfc2822(services().clock.now())
    return {
        "sid": SMS_NUMBER,
        "account_sid": account,
        "phone_number": services().settings.sms_from,
        "sms_url": request.form.get("SmsUrl", ""),
        "sms_method": "POST",
        "sms_fallback_url": request.form.get("SmsFallbackUrl", ""),
        "sms_fallback_method": "POST",
        "status_callback": request.form.get("StatusCallback", ""),
        "status_callback_method": "POST",
        "date_created": now,
        "date_updated": now,
    }


@blueprint.get(f"{_NUMBERS}.json")
def numbers(account: str) -> Response:
    return jsonify(
        incoming_phone_numbers=[_number(account)],
        page=0,
        page_size=50,
        start=0,
        end=0,
        next_page_uri=None,
        previous_page_uri=None,
        first_page_uri="",
        uri="",
    )


@blueprint.post(f"{_NUMBERS}/<sid>.json")
def set_number(account: str, sid: str) -> Response:
    return jsonify(_number(account) | {"sid": sid})


@blueprint.post("/v1/Services/<sid>")
def set_service(sid: str) -> Response:
    now, form = iso(services().clock.now()), request.form
    return jsonify(
        sid=sid,
        account_sid=services().settings.twilio_account_sid,
        friendly_name="acuerdo",
        inbound_request_url=form.get("InboundRequestUrl"),
        fallback_url=form.get("FallbackUrl"),
        status_callback=form.get("StatusCallback"),
        date_created=now,
        date_updated=now,
    )
