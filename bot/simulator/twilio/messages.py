"""Messages: created, listed, fetched. A number that begins with 999 and 0 gives an error on purpose."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import ColumnElement, Table, insert, select

from bot.simulator.answers import created
from bot.simulator.database import content, sent, simulator_engine, written
from bot.simulator.media import content as drawn
from bot.simulator.twilio.service import blueprint, error, new_sid, rfc2822
from bot.web import services
from models import read_tx, write_tx
from models.base import AnyRow

_MESSAGES = "/2010-04-01/Accounts/<account>/Messages"
_MAGIC = re.compile(r"\+521?999(0[0-4])(\d{5})$")
FIRST_RECEIPT_SECONDS = 0.3


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a magic number asks for: +52 999 00 and a code of Twilio's is refused with it at once; 01 and a
    code, taken and failed later; 02, taken and answered with a 500; 03, answered with a 500 and not taken;
    04, too many requests.
    """

    kind: str = ""
    code: str = ""

    @classmethod
    def of(cls, address: str) -> "Trouble":
        match = _MAGIC.search(address)
        return cls(match[1], match[2]) if match else cls()


@blueprint.post(f"{_MESSAGES}.json")
def create(account: str) -> Response:
    form, trouble = request.form, Trouble.of(request.form.get("To", ""))
    if refusal := _refusal(form, trouble):
        return refusal
    words, choices = _words(form)
    if words is None:
        return error(
            "21655" if form.get("ContentSid") else "21619", "The ContentSid is invalid, or there is no text."
        )
    now = services().clock.now().astimezone(UTC)
    row = {
        "sid": new_sid("MM" if form.get("ContentSid") else "SM"),
        "account": account,
        "to": form["To"],
        "sender": form.get("From", ""),
        "body": words,
        "choices": choices,
        "media": form.get("MediaUrl"),
        "callback": form.get("StatusCallback"),
        "status": "queued",
        "wanted": "failed" if trouble.kind == "01" else "read",
        "error": trouble.code or None,
        "at": now.replace(tzinfo=None),
        "created": time.time(),
        "next_at": time.time() + FIRST_RECEIPT_SECONDS,
        "tries": 0,
    }
    with write_tx(simulator_engine(services().settings)) as connection:
        connection.execute(insert(sent), row)
    if trouble.kind == "02":
        return error("20500", "An internal server error has occurred", HTTPStatus.INTERNAL_SERVER_ERROR)
    return created(**_shown(row))


def _refusal(form: Mapping[str, str], trouble: Trouble) -> Response | None:
    if not form.get("To"):
        return error("21604", "A 'To' phone number is required.")
    if not form.get("From") and not form.get("MessagingServiceSid"):
        return error("21603", "A 'From' phone number is required.")
    if len(form.get("Body", "")) > 1600:
        return error("21617", "The concatenated message body exceeds the 1600 character limit.")
    match trouble.kind:
        case "00":
            return error(trouble.code, f"Refused because the number asks for {trouble.code}")
        case "03":
            return error("20500", "An internal server error has occurred", HTTPStatus.INTERNAL_SERVER_ERROR)
        case "04":
            return error("20429", "Too Many Requests", HTTPStatus.TOO_MANY_REQUESTS)
    return None


def _words(form: Mapping[str, str]) -> tuple[str | None, list[dict[str, str]] | None]:
    """`(text, choices)` as the phone shows them."""
    if not form.get("ContentSid"):
        return form.get("Body") or None, None
    with read_tx(simulator_engine(services().settings)) as connection:
        types = connection.scalar(select(content.c.types).where(content.c.sid == form["ContentSid"]))
    if not types:
        return None, None
    kind, body = next(iter(types.items()))
    values = json.loads(form.get("ContentVariables") or "{}")
    text = re.sub(r"\{\{(\w+)\}\}", lambda match: str(values.get(match[1], "")), body["body"])
    if kind == "twilio/list-picker":
        return text, [{"payload": item["id"], "title": item["item"]} for item in body["items"]]
    return text, [
        {"payload": action["id"], "title": action["title"]} for action in body.get("actions", ())
    ] or None


def _shown(row: Mapping[str, Any], direction: str = "outbound-api", media: int = 0) -> dict[str, Any]:
    at = rfc2822(row["at"])
    uri = f"/2010-04-01/Accounts/{row['account']}/Messages/{row['sid']}"
    failed = row["status"] == "failed"
    return {
        "sid": row["sid"],
        "account_sid": row["account"],
        "to": row["to"],
        "from": row["sender"] or None,
        "body": row["body"],
        "status": row["status"],
        "direction": direction,
        "num_segments": "1",
        "num_media": str(media),
        "error_code": int(row["error"]) if failed and row["error"] else None,
        "error_message": None,
        "price": None,
        "price_unit": "USD",
        "api_version": "2010-04-01",
        "messaging_service_sid": None,
        "date_created": at,
        "date_updated": at,
        "date_sent": at,
        "uri": f"{uri}.json",
        "subresource_uris": {"media": f"{uri}/Media.json"},
    }


def _inbound(row: AnyRow, account: str) -> dict[str, Any]:
    as_sent = {
        "sid": row.sid,
        "account": account,
        "to": row.to,
        "sender": row.sender,
        "body": row.form.get("Body", ""),
        "status": "received",
        "at": row.at,
    }
    return _shown(as_sent, "inbound", int(row.form.get("NumMedia", "0")))


@blueprint.get(f"{_MESSAGES}.json")
def listed(account: str) -> Response:
    """By `To`, `From` and `DateSent>`, newest first, both ways; one page."""
    size = min(int(request.args.get("PageSize", "50")), 1_000)
    with read_tx(simulator_engine(services().settings)) as connection:
        ours = connection.execute(
            select(sent).where(*_filters(sent)).order_by(sent.c.id.desc()).limit(size)
        ).all()
        theirs = connection.execute(
            select(written).where(*_filters(written)).order_by(written.c.id.desc()).limit(size)
        ).all()
    found = [(row.created, _shown(row._asdict())) for row in ours] + [
        (row.created, _inbound(row, account)) for row in theirs
    ]
    newest = [message for _, message in sorted(found, key=lambda pair: -pair[0])][:size]
    path = request.path.removeprefix(blueprint.url_prefix or "")
    return jsonify(
        messages=newest,
        page=0,
        page_size=size,
        start=0,
        end=max(len(newest) - 1, 0),
        next_page_uri=None,
        previous_page_uri=None,
        first_page_uri=path,
        uri=path,
    )


def _filters(table: Table) -> list[ColumnElement[bool]]:
    """`DateSent>` is the machine's time: so is what is asked for, even where the demo's clock was moved."""
    filters: list[ColumnElement[bool]] = []
    if to := request.args.get("To"):
        filters.append(table.c.to == to)
    if sender := request.args.get("From"):
        filters.append(table.c.sender == sender)
    if since := request.args.get("DateSent>"):
        filters.append(table.c.created >= datetime.fromisoformat(since).replace(tzinfo=UTC).timestamp())
    return filters


@blueprint.get(f"{_MESSAGES}/<sid>.json")
def fetched(account: str, sid: str) -> Response:
    with read_tx(simulator_engine(services().settings)) as connection:
        ours = connection.execute(select(sent).where(sent.c.sid == sid, sent.c.account == account)).first()
        theirs = connection.execute(select(written).where(written.c.sid == sid)).first()
    if ours is not None:
        return jsonify(_shown(ours._asdict()))
    return (
        jsonify(_inbound(theirs, account))
        if theirs is not None
        else error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    )


@blueprint.get(f"{_MESSAGES}/<sid>/Media.json")
def media(account: str, sid: str) -> Response:
    with read_tx(simulator_engine(services().settings)) as connection:
        row = connection.execute(select(written).where(written.c.sid == sid)).first()
    count = int(row.form.get("NumMedia", "0")) if row is not None else 0
    path = f"/2010-04-01/Accounts/{account}/Messages/{sid}/Media"
    found = [
        {
            "sid": f"ME{sid[2:]}",
            "account_sid": account,
            "parent_sid": sid,
            "content_type": row.form.get(f"MediaContentType{i}"),
            "date_created": rfc2822(row.at),
            "date_updated": rfc2822(row.at),
            "uri": f"{path}/ME{sid[2:]}.json",
        }
        for i in range(count)
        if row is not None
    ]
    return jsonify(
        media_list=found,
        page=0,
        page_size=50,
        start=0,
        end=0,
        next_page_uri=None,
        previous_page_uri=None,
        first_page_uri="",
        uri="",
    )


@blueprint.get(f"{_MESSAGES}/<sid>/Media/<media_sid>")
def media_file(account: str, sid: str, media_sid: str) -> Response:
    del account, media_sid
    with read_tx(simulator_engine(services().settings)) as connection:
        row = connection.execute(select(written).where(written.c.sid == sid)).first()
    if row is None:
        return error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    content, content_type = drawn(row.form.get("MediaContentType0", ""))
    return Response(content, content_type=content_type)
