"""Contents: created, submitted, approved at once. A demo does not wait for days."""

from http import HTTPStatus
from typing import Any

from flask import Response, jsonify, request
from sqlalchemy import delete, insert, select, update

from bot.simulator.answers import created
from bot.simulator.database import content, simulator_engine
from bot.simulator.twilio.service import blueprint, error, iso, new_sid
from bot.web import services
from models import read_tx, write_tx


@blueprint.post("/v1/Content")
def create_content() -> Response:
    data = request.get_json()
    if not data.get("language") or not data.get("types"):
        return error("20001", "language and types are required")
    row = {
        "sid": new_sid("HX"),
        "language": data["language"],
        "types": data["types"],
        "name": data.get("friendly_name"),
        "status": "unsubmitted",
        "category": None,
        "variables": data.get("variables"),
    }
    with write_tx(simulator_engine(services().settings)) as connection:
        connection.execute(insert(content), row)
    return created(**_shown(row))


def _shown(row: dict[str, Any]) -> dict[str, Any]:
    now = iso(services().clock.now())
    return {
        "sid": row["sid"],
        "account_sid": services().settings.twilio_account_sid,
        "friendly_name": row["name"],
        "language": row["language"],
        "types": row["types"],
        "variables": row["variables"] or {},
        "url": f"https://content.twilio.com/v1/Content/{row['sid']}",
        "links": {},
        "date_created": now,
        "date_updated": now,
    }


@blueprint.get("/v1/Content/<sid>")
def fetch_content(sid: str) -> Response:
    with read_tx(simulator_engine(services().settings)) as connection:
        row = connection.execute(select(content).where(content.c.sid == sid)).first()
    return (
        jsonify(_shown(row._asdict()))
        if row is not None
        else error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    )


@blueprint.delete("/v1/Content/<sid>")
def delete_content(sid: str) -> Response:
    with write_tx(simulator_engine(services().settings)) as connection:
        gone = connection.execute(delete(content).where(content.c.sid == sid)).rowcount
    if gone == 0:
        return error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.get("/v1/ContentAndApprovals")
def list_contents() -> Response:
    """All in one page."""
    with read_tx(simulator_engine(services().settings)) as connection:
        rows = connection.execute(select(content).order_by(content.c.sid)).all()
    contents = [
        {
            **{name: value for name, value in _shown(row._asdict()).items() if name not in ("url", "links")},
            "approval_requests": _approval(row.name, row.category, row.status),
        }
        for row in rows
    ]
    here = "https://content.twilio.com/v1/ContentAndApprovals?PageSize=100&Page=0"
    meta = {"page": 0, "page_size": 100, "first_page_url": here, "url": here, "key": "contents"}
    return jsonify(contents=contents, meta=meta | {"previous_page_url": None, "next_page_url": None})


@blueprint.post("/v1/Content/<sid>/ApprovalRequests/whatsapp")
def submit(sid: str) -> Response:
    data = request.get_json()
    with write_tx(simulator_engine(services().settings)) as connection:
        values = {"status": "approved", "category": data.get("category"), "name": data.get("name")}
        if connection.execute(update(content).where(content.c.sid == sid).values(**values)).rowcount == 0:
            return error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    return created(**_approval(data.get("name"), data.get("category"), "received"))


@blueprint.get("/v1/Content/<sid>/ApprovalRequests")
def approval(sid: str) -> Response:
    with read_tx(simulator_engine(services().settings)) as connection:
        row = connection.execute(select(content).where(content.c.sid == sid)).first()
    if row is None:
        return error("20404", "The requested resource was not found", HTTPStatus.NOT_FOUND)
    url = f"https://content.twilio.com/v1/Content/{sid}/ApprovalRequests"
    whatsapp = _approval(row.name, row.category, row.status)
    return jsonify(sid=sid, account_sid=services().settings.twilio_account_sid, url=url, whatsapp=whatsapp)


def _approval(name: str | None, category: str | None, status: str) -> dict[str, Any]:
    return {
        "name": name,
        "category": category,
        "content_type": "twilio/quick-reply",
        "status": status,
        "rejection_reason": "",
        "allow_category_change": False,
    }
