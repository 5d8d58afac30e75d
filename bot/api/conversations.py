"""A borrower's conversation: who has it, what it waits for, and its newest messages, oldest first."""

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, case, select

from bot.api.problems import Problem
from bot.api.requests import limit
from bot.web import services
from bot.wording import Wording, decode
from models import Borrower, ContactPoint, Conversation, Message, reading
from models.base import AnyRow

_B, _P, _C, _M = Borrower.__table__, ContactPoint.__table__, Conversation.__table__, Message.__table__


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<path:external_id>/conversation", view_func=get_conversation)


def get_conversation(external_id: str) -> Response:
    most = limit()
    with reading(services().engine) as connection:
        thread = find(connection, external_id)
        rows = connection.execute(select(_M).where(_M.c.conversation_id == thread.id).order_by(_M.c.id.desc()).limit(most)).all()
    return jsonify(
        handler=thread.handler, flow=thread.flow, state=thread.step, expecting=thread.expecting if thread.handler == "bot" else None, channel=thread.channel,
        messages=[shape(row, services().wording, thread.language) for row in reversed(rows)],
    )  # fmt: skip


def find(connection: Connection, external_id: str) -> AnyRow:
    """The conversation in which this borrower is best reached. Raises Problem 404."""
    query = (
        select(_C, _B.c.id.label("person_id"), _B.c.language)
        .select_from(_B.outerjoin(_P, _P.c.borrower_id == _B.c.id).outerjoin(_C, _C.c.id == _P.c.conversation_id))
        .where(_B.c.external_id == external_id)
        .order_by(case((_P.c.status == "confirmed", 0), (_P.c.status == "unverified", 1), else_=2), _P.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        raise Problem(HTTPStatus.NOT_FOUND, f"there is no borrower {external_id[:64]!r}")
    if row.id is None:
        raise Problem(HTTPStatus.NOT_FOUND, "this borrower has no contact point")
    return row


def shape(row: AnyRow, wording: Wording, language: str) -> dict[str, Any]:
    """A message as the API shows it; one that waits in the outbox shows the words that it would have now."""
    body, choices = row.body, row.choices or []
    if row.direction == "out" and not body and row.wording:
        rendered = wording.render(decode(row.wording), language)
        body, choices = rendered.text, [dict(choice) for choice in rendered.choices]
    return {
        "id": str(row.id), "direction": row.direction, "author": row.author, "channel": row.channel, "body": body, "choices": choices,
        "status": row.status, "at": (row.sent_at or row.created_at).isoformat(),
    }  # fmt: skip
