"""The REST calls that Acuerdo makes, answered as Twilio answers them."""

import json
import re
import secrets
import time
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, request
from sqlalchemy import insert, select

from bot.services import Services
from bot.simulator.books import books, content, sent, written
from models import reading, writing
from models.base import AnyRow

blueprint = Blueprint("simulator_twilio", __name__, url_prefix="/simulator/twilio")

REFUSED = {
    "0001": ("63003", "Channel could not find To address"),
    "0002": ("63016", "Failed to send freeform message"),
    "0006": ("21610", "Unsubscribed"),
}
"""By the last four digits of the number: an error at once."""
FAILS_LATER = {"0005": "63024"}
TAKES_THEN_FAILS = {"0003", "0004"}
"""Accepted, and then answered with a 500: nobody knows."""


def _services() -> Services:
    services: Services = current_app.extensions["acuerdo"]
    return services


@blueprint.before_request
def authorised() -> Response | None:
    settings, given = _services().settings, request.authorization
    if given and given.username == settings.twilio_account_sid and given.password == settings.twilio_auth_token:
        return None
    return error("20003", "Authenticate", HTTPStatus.UNAUTHORIZED)


def error(code: str, message: str, status: int = HTTPStatus.BAD_REQUEST) -> Response:
    answer = jsonify(code=int(code), message=message, more_info=f"https://www.twilio.com/docs/errors/{code}", status=int(status))
    answer.status_code = status
    return answer


def new_sid(prefix: str) -> str:
    return prefix + secrets.token_hex(16)


@blueprint.post("/2010-04-01/Accounts/<account>/Messages.json")
def create(account: str) -> Response:
    form, services = request.form, _services()
    to, ending = form.get("To", ""), form.get("To", "")[-4:]
    if not to:
        return error("21604", "A 'To' phone number is required.")
    if ending in REFUSED:
        return error(*REFUSED[ending])
    words, choices = _words(services, form)
    if words is None:
        return error("21619", "A text message body or media urls must be specified.")
    sid, now = new_sid("MM" if choices else "SM"), services.clock.now()
    row = {
        "sid": sid, "account": account, "to": to, "sender": form.get("From", ""), "body": words, "choices": choices, "callback": form.get("StatusCallback"),
        "status": "queued", "wanted": "failed" if ending in FAILS_LATER else "read", "error": FAILS_LATER.get(ending), "at": now.replace(tzinfo=None),
        "next_at": time.time() + 0.3,
    }  # fmt: skip
    with writing(books(services.settings)) as connection:
        connection.execute(insert(sent), row)
    if ending in TAKES_THEN_FAILS:
        return error("20500", "An internal server error has occurred", HTTPStatus.INTERNAL_SERVER_ERROR)
    answer = jsonify(_message(row | {"at": now}))
    answer.status_code = HTTPStatus.CREATED
    return answer


def _words(services: Services, form: Any) -> tuple[str | None, list[dict[str, str]] | None]:
    if not form.get("ContentSid"):
        return form.get("Body"), None
    with reading(books(services.settings)) as connection:
        types = connection.scalar(select(content.c.types).where(content.c.sid == form["ContentSid"]))
    if not types:
        return None, None
    kind, body = next(iter(types.items()))
    values = json.loads(form.get("ContentVariables") or "{}")
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(values.get(match[1], "")), body["body"])
    if kind == "twilio/list-picker":
        return text, [{"payload": item["id"], "title": item["item"]} for item in body["items"]]
    return text, [{"payload": action["id"], "title": action["title"]} for action in body.get("actions", ())] or None


def _message(row: dict[str, Any], direction: str = "outbound-api") -> dict[str, Any]:
    at = format_datetime(row["at"].replace(tzinfo=UTC))
    return {
        "sid": row["sid"], "account_sid": row["account"], "to": row["to"], "from": row["sender"], "body": row["body"], "status": row["status"],
        "direction": direction, "num_segments": "1", "num_media": "0", "error_code": None, "error_message": None, "price": None, "price_unit": "USD",
        "api_version": "2010-04-01", "messaging_service_sid": None, "date_created": at, "date_updated": at, "date_sent": at,
        "uri": f"/2010-04-01/Accounts/{row['account']}/Messages/{row['sid']}.json", "subresource_uris": {},
    }  # fmt: skip


@blueprint.get("/2010-04-01/Accounts/<account>/Messages.json")
def listed(account: str) -> Response:
    """By `To`, newest first, both ways."""
    to, engine = request.args.get("To", ""), books(_services().settings)
    with reading(engine) as connection:
        ours = connection.execute(select(sent).where(sent.c.to == to).order_by(sent.c.id.desc()).limit(50)).all()
        theirs = connection.execute(select(written).where(written.c.to == to).order_by(written.c.id.desc()).limit(200)).all()
    found = [_message(row._asdict()) for row in ours] + [_inbound(row, account) for row in theirs]
    return jsonify(messages=found, page=0, page_size=len(found), start=0, end=len(found), next_page_uri=None, previous_page_uri=None,
                   first_page_uri="", uri="")  # fmt: skip


def _inbound(row: AnyRow, account: str) -> dict[str, Any]:
    return _message({"sid": row.sid, "account": account, "to": row.to, "sender": row.sender, "body": row.form.get("Body", ""), "status": "received",
                     "at": row.at}, "inbound")  # fmt: skip


@blueprint.get("/2010-04-01/Accounts/<account>/Messages/<sid>.json")
def fetched(account: str, sid: str) -> Response:
    with reading(books(_services().settings)) as connection:
        row = connection.execute(select(sent).where(sent.c.sid == sid, sent.c.account == account)).first()
    return jsonify(_message(row._asdict())) if row else error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)


@blueprint.post("/v1/Content")
def create_content() -> Response:
    data = request.get_json()
    if not data.get("language") or not data.get("types"):
        return error("20001", "language and types are required")
    row = {"sid": new_sid("HX"), "language": data["language"], "types": data["types"], "name": data.get("friendly_name"), "status": "unsubmitted"}
    with writing(books(_services().settings)) as connection:
        connection.execute(insert(content), row)
    answer = jsonify(
        sid=row["sid"], account_sid=_services().settings.twilio_account_sid, friendly_name=row["name"], language=row["language"],
        types=row["types"], variables=data.get("variables", {}), url="", links={}, date_created=_now(), date_updated=_now(),
    )  # fmt: skip
    answer.status_code = HTTPStatus.CREATED
    return answer


@blueprint.post("/v1/Content/<sid>/ApprovalRequests/whatsapp")
def submit(sid: str) -> Response:
    """Approved at once: a demo does not wait for days."""
    data = request.get_json()
    with writing(books(_services().settings)) as connection:
        connection.execute(
            content.update().where(content.c.sid == sid).values(status="approved", category=data.get("category"), name=data.get("name"))
        )
    answer = jsonify(_approval(data.get("name"), data.get("category"), "received"))
    answer.status_code = HTTPStatus.CREATED
    return answer


@blueprint.get("/v1/Content/<sid>/ApprovalRequests")
def approval(sid: str) -> Response:
    with reading(books(_services().settings)) as connection:
        row = connection.execute(select(content).where(content.c.sid == sid)).first()
    if row is None:
        return error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    return jsonify(sid=sid, account_sid=_services().settings.twilio_account_sid, url="", whatsapp=_approval(row.name, row.category, row.status))


def _approval(name: str | None, category: str | None, status: str) -> dict[str, Any]:
    return {"name": name, "category": category, "content_type": "twilio/quick-reply", "status": status, "rejection_reason": "",
            "allow_category_change": False, "type": "whatsapp"}  # fmt: skip


def _now() -> str:
    return datetime.fromtimestamp(time.time(), UTC).isoformat()
