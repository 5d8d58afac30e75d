"""The phone in the middle: its messages both ways, what is written on it, and a reminder sent to it."""

from datetime import datetime
from typing import Any

from flask import Response, request
from sqlalchemy import select

from bot.compliance import Never, load_rules
from bot.outreach import NothingToSay, request_outreach
from bot.simulator.database import sent, simulator_engine, written
from bot.simulator.media import content as drawn
from bot.simulator.page.service import answer, blueprint, local, now, zone
from bot.simulator.twilio.delivery import write
from bot.web import services
from models import read_tx, write_tx
from models.base import AnyRow

MOST = 300
"""Messages shown, the newest."""
MEDIA = {"image": "image/jpeg", "audio": "audio/ogg"}
PLACE = {"Latitude": "19.43", "Longitude": "-99.13"}


def messages(address: str) -> list[dict[str, Any]]:
    """Both ways, the oldest first."""
    with read_tx(simulator_engine(services().settings)) as connection:
        ours = connection.execute(
            select(sent).where(sent.c.to == address).order_by(sent.c.id.desc()).limit(MOST)
        ).all()
        theirs = connection.execute(
            select(written).where(written.c.sender == address).order_by(written.c.id.desc()).limit(MOST)
        ).all()
    return sorted(
        [_ours(row) for row in ours] + [_theirs(row) for row in theirs], key=lambda message: message["at"]
    )[-MOST:]


def _ours(row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.sid,
        "side": "in",
        "text": row.body,
        "choices": row.choices or [],
        "at": local(row.at),
        "status": row.status,
        **({"file": row.media} if row.media else {}),
    }


def _theirs(row: AnyRow) -> dict[str, Any]:
    media = "location" if "Latitude" in row.form else row.form.get("MediaContentType0")
    return {
        "id": row.sid,
        "side": "out",
        "text": row.form.get("Body", ""),
        "choices": [],
        "at": local(row.at),
        "media": media,
        "status": "read" if row.delivered else "queued",
    }


@blueprint.post("/write")
def write_message() -> Response:
    given = request.get_json()
    kind = given.get("media", "")
    more = PLACE if kind == "location" else {}
    return answer(
        sid=write(
            services(), given["address"], given.get("text", ""), given.get("payload"), MEDIA.get(kind), **more
        )
    )


@blueprint.post("/remind")
def remind() -> Response:
    """Reaches out within the contact rules: `{at}`, with `{why}` where that is later, or `{rule}` where they
    forbid it.
    """
    given = request.get_json()
    try:
        with write_tx(services().engine) as connection:
            planned = request_outreach(
                connection, services(), given["borrower"], "reminder", given.get("loan")
            )
    except NothingToSay as error:
        return answer(rule=error.rule)
    if isinstance(planned, Never):
        return answer(rule=planned.rule)
    at = planned.astimezone(zone())
    return answer(at=local(planned), why=_why(at) if at > now() else None)


def _why(at: datetime) -> str:
    """What keeps it until then: the day, the hour, or that enough was written."""
    rules, moment = load_rules(services().lender.lender.contact_country), now()
    if (hours := rules.hours_on(moment.date())) is None:
        return "day"
    closed = not hours.start <= moment.time() < hours.end
    return "hours" if closed or at.date() == moment.date() else "cap"


@blueprint.get("/media/<sid>")
def media(sid: str) -> Response:
    """What a phone sent."""
    with read_tx(simulator_engine(services().settings)) as connection:
        form = connection.scalar(select(written.c.form).where(written.c.sid == sid)) or {}
    content, content_type = drawn(form.get("MediaContentType0", ""))
    return Response(content, content_type=content_type)
