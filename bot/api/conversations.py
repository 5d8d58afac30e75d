"""A borrower's conversation: who has it, what it waits for, and its newest messages, oldest first.

An answer that still waits for the borrower's next message is shown once it leaves, and what it asks is
expected from then on: until then a yes to it would bind nobody.
"""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from operator import itemgetter
from typing import Any

from flask import Blueprint, Response, jsonify
from sqlalchemy import Connection, select

from bot.api.borrowers import unknown_borrower
from bot.api.problems import Problem
from bot.api.requests import limit
from bot.conversation import held_back
from bot.reach import best_first
from bot.web import services
from bot.wording import Wording, decode
from models import borrower_table, contact_point_table, conversation_table, message_table, read_tx
from models.base import AnyRow


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/borrowers/<id:external_id>/conversation", view_func=get_conversation)


def get_conversation(external_id: str) -> Response:
    most = limit()
    with read_tx(services().engine) as connection:
        thread = find(connection, external_id)
        held = held_back(connection, thread.id, services().clock.now())
        rows = connection.execute(
            select(message_table)
            .where(message_table.c.conversation_id == thread.id, message_table.c.id.not_in(held))
            .order_by(message_table.c.id.desc())
            .limit(most)
        ).all()
    return jsonify(
        handler=thread.handler,
        flow=thread.flow,
        state=thread.step,
        expecting=thread.expecting if thread.handler == "bot" and not held else None,
        channel=thread.channel,
        messages=[
            shape(row, at, services().wording, thread.language, thread.somebody_else_since)
            for at, row in _in_order(rows[::-1])
        ],
    )


def _in_order(rows: Sequence[AnyRow]) -> list[tuple[datetime, AnyRow]]:
    """Each with its time: an answer that leaves after the borrower's next message stands after it, and what
    waits to leave stands behind the rest of its own turn.
    """
    dated: list[tuple[datetime, AnyRow]] = []
    for row in rows:
        at = row.sent_at or row.created_at
        if dated and dated[-1][1].created_at == row.created_at:
            at = max(at, dated[-1][0])
        dated.append((at, row))
    return sorted(dated, key=itemgetter(0))


def find(connection: Connection, external_id: str) -> AnyRow:
    """The conversation in which this borrower is best reached. Raises Problem 404."""
    query = (
        select(conversation_table, borrower_table.c.id.label("person_id"), borrower_table.c.language)
        .select_from(
            borrower_table.outerjoin(
                contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id
            ).outerjoin(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
        )
        .where(borrower_table.c.external_id == external_id)
        .order_by(*best_first())
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        raise unknown_borrower(external_id)
    if row.id is None:
        raise Problem(HTTPStatus.NOT_FOUND, "this borrower has no contact point")
    return row


def shape(
    row: AnyRow, at: datetime, wording: Wording, language: str, somebody_else_since: int | None
) -> dict[str, Any]:
    """A message as the API shows it; one that waits in the outbox shows the words that it would have now."""
    body, choices = row.body, row.choices or []
    if row.direction == "out" and not body and row.wording:
        rendered = wording.render(decode(row.wording), language)
        body, choices = rendered.text, [dict(choice) for choice in rendered.choices]
    return {
        "id": str(row.id),
        "direction": row.direction,
        "author": row.author,
        "channel": row.channel,
        "body": body,
        "choices": choices,
        "status": row.status,
        "possibly_somebody_elses": row.id < (somebody_else_since or 0),
        "at": at.isoformat(),
    }
