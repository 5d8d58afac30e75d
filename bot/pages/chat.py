"""The whole conversation on the page: the same turn as on any channel, by a borrower who has proved who they
are. It is one thread with what was written elsewhere, and keeps its place.
"""

import re
import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import Any

from flask import Response, make_response, redirect, request
from sqlalchemy import Connection, func, or_, select, update

from bot.conversation import Incoming, receive
from bot.documents import file_url
from bot.files import sent_file_url
from bot.pages.guard import Visit
from bot.pages.words import chosen_language
from models import contact_point_table, conversation_table, message_table, read_tx, write_tx
from models.base import AnyRow
from models.contact_point import WEB

MOST_CHARACTERS = 1_000
MOST_PER_MINUTE = 20
MOST_MESSAGES = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NONCE = re.compile(r"[0-9a-f]{16}")
_SHOWN = ("received", "unprocessed", "sent", "delivered", "read")


def chat(visit: Visit, fault: str = "", status: int = HTTPStatus.OK, draft: str = "") -> Response:
    with read_tx(visit.services.engine) as connection:
        head = _thread(connection, visit.person.id)
        messages = _messages(connection, visit.person.id, head)
    _mark_read(visit, messages)
    last = messages[-1] if messages else None
    return visit.page(
        "chat",
        status,
        messages=[_shown(visit, row) for row in messages],
        choices=[(f"{last.id}:{each['payload']}", each["title"]) for each in last.choices or ()]
        if last is not None and last.direction == "out"
        else [],
        by_person=head is not None and head.handler != "bot",
        nonce=secrets.token_hex(8),
        most=MOST_CHARACTERS,
        fault=fault,
        draft=draft,
    )


def write(visit: Visit) -> Response:
    """One message, or the button of one; sent twice by the same form it is one."""
    text, button = _given(visit)
    nonce = request.form.get("nonce", "")
    if len(text) > MOST_CHARACTERS:
        return chat(visit, "long", HTTPStatus.BAD_REQUEST, text[:MOST_CHARACTERS])
    if text and _NONCE.fullmatch(nonce):
        with read_tx(visit.services.engine) as connection:
            head, fast = _thread(connection, visit.person.id), _too_fast(connection, visit)
        if fast:
            return chat(visit, "fast", HTTPStatus.TOO_MANY_REQUESTS, text)
        receive(visit.services, _incoming(visit, head, text, nonce, button))
    address = f"/m/{visit.token}/chat{chosen_language('?')}#end"
    return make_response(redirect(address, HTTPStatus.SEE_OTHER))


def _incoming(
    visit: Visit, head: AnyRow | None, text: str, nonce: str, button: tuple[int, str] | None
) -> Incoming:
    """A conversation on a phone that several borrowers share is not shown on the page of one: theirs has a
    key of its own.
    """
    own = f"web:{visit.person.id}"
    return Incoming(
        channel=WEB,
        address=head.address if head else own,
        key=head.key if head else own,
        sender=(head.sender if head else None) or "",
        account_sid=WEB,
        provider_sid=f"{visit.person.id}:{nonce}",
        text=text,
        at=visit.facts.now,
        payload=button[1] if button else None,
        proved=visit.person.id,
        extra={"under": button[0]} if button else {},
    )


def _given(visit: Visit) -> tuple[str, tuple[int, str] | None]:
    """What was typed, or the title of the button, with `(message, payload)`; a button that was never shown to
    this borrower is none.
    """
    under, _, payload = request.form.get("choice", "").partition(":")
    if not payload:
        return _CONTROL.sub("", request.form.get("text", "").replace("\r\n", "\n")).strip(), None
    if not under.isascii() or not under.isdecimal() or len(under) > 18:
        return "", None
    shown = select(message_table.c.choices).where(
        message_table.c.id == int(under),
        message_table.c.borrower_id == visit.person.id,
        message_table.c.direction == "out",
    )
    with read_tx(visit.services.engine) as connection:
        choices: list[Any] = connection.scalar(shown) or []
    title = next((each["title"] for each in choices if each["payload"] == payload), "")
    return title, (int(under), payload) if title else None


def _thread(connection: Connection, borrower_id: int) -> AnyRow | None:
    """The conversation that the borrower last wrote in and that is theirs alone, else none."""
    points = contact_point_table.alias("of_others")
    shared = select(points.c.id).where(
        points.c.conversation_id == conversation_table.c.id,
        points.c.borrower_id != borrower_id,
        points.c.status.not_in(("closed", "invalid")),
    )
    mine = select(contact_point_table.c.conversation_id).where(
        contact_point_table.c.borrower_id == borrower_id, contact_point_table.c.status != "closed"
    )
    own = conversation_table.c.key == f"web:{borrower_id}"
    theirs = (
        select(conversation_table)
        .where(or_(own, conversation_table.c.id.in_(mine) & ~shared.exists()))
        .order_by(conversation_table.c.last_in_at.desc().nulls_last(), conversation_table.c.id)
        .limit(1)
    )
    return connection.execute(theirs).first()


def _messages(connection: Connection, borrower_id: int, head: AnyRow | None) -> list[AnyRow]:
    """The newest, oldest first: this borrower's, wherever they were written, and all of a thread of theirs
    alone.
    """
    here = message_table.c.conversation_id == (head.id if head else 0)
    newest = (
        select(message_table)
        .where(
            or_(message_table.c.borrower_id == borrower_id, here),
            message_table.c.status.in_(_SHOWN),
            message_table.c.body != "",
        )
        .order_by(message_table.c.id.desc())
        .limit(MOST_MESSAGES)
    )
    return list(reversed(connection.execute(newest).all()))


def _shown(visit: Visit, row: AnyRow) -> dict[str, Any]:
    return {"row": row, "paper": next((_opened(visit, file) for file in _ours(row)), None)}


def _ours(row: AnyRow) -> list[dict[str, Any]]:
    return [file for file in row.media or () if "paper" in file or "file" in file]


def _opened(visit: Visit, file: dict[str, Any]) -> str:
    if "file" in file:
        return sent_file_url(visit.services, file["file"], file["content_type"])
    return file_url(visit.services, file["paper"], file["loan"], file["of"])


def _mark_read(visit: Visit, messages: list[AnyRow]) -> None:
    unread = [row.id for row in messages if (row.channel, row.direction, row.status) == (WEB, "out", "sent")]
    if unread:
        with write_tx(visit.services.engine) as connection:
            connection.execute(
                update(message_table).where(message_table.c.id.in_(unread)).values(status="read")
            )


def _too_fast(connection: Connection, visit: Visit) -> bool:
    lately = select(func.count()).where(
        message_table.c.borrower_id == visit.person.id,
        message_table.c.channel == WEB,
        message_table.c.direction == "in",
        message_table.c.created_at > visit.facts.now - timedelta(minutes=1),
    )
    return int(connection.scalar(lately) or 0) >= MOST_PER_MINUTE
