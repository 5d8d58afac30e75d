"""What a borrower wrote while a person had the conversation and nobody answered: once the bot has it back,
it is read as one message, and answered.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, func, select

import flows
from bot.conversation import choices
from bot.conversation.incoming import Incoming
from bot.conversation.understand import understand
from bot.conversation.view import View
from bot.services import Services
from flows.engine import Step
from flows.types.event import MediaKind, Message
from models import message_table
from models.base import AnyRow

LEFT = "left"
"""In `understood`: a person had the conversation when it came, so that the bot did not answer."""
MOST = 5
_UNSENT = ("suppressed", "failed")
_KINDS: Mapping[str, MediaKind] = {"image": "image", "audio": "audio", "video": "video"}


def left_unanswered(connection: Connection, conversation_id: int) -> Sequence[AnyRow]:
    """The messages, oldest first: those that came for a person since anybody wrote to the borrower."""
    row = message_table.c
    of_thread = row.conversation_id == conversation_id
    last_out = (
        select(func.coalesce(func.max(row.id), 0))
        .where(of_thread, row.direction == "out", row.status.not_in(_UNSENT))
        .scalar_subquery()
    )
    newest = select(message_table).where(of_thread, row.direction == "in", row.id > last_out)
    rows = connection.execute(newest.order_by(row.id.desc()).limit(MOST)).all()
    return [each for each in reversed(rows) if (each.understood or {}).get(LEFT)]


def read_again(connection: Connection, services: Services, view: View) -> Message | None:
    """What was left unanswered, as one message; null where nothing was."""
    rows = left_unanswered(connection, view.id)
    if not rows:
        return None
    incoming = _together(rows)
    message = understand(services, incoming, view)[0]
    shown = choices.newest(connection, view.id) if choices.may_pick(incoming, view) else None
    return choices.with_choice(message, incoming, shown)


def step_again(view: View, message: Message) -> Step:
    """The turn of such a message, without what was done at once when it came: what protects the borrower."""
    done = flows.step(view.conversation, message, view.facts, silent=True).effects
    taken = flows.step(view.conversation, message, view.facts)
    left = tuple(effect for effect in taken.effects if effect not in done)
    return Step(taken.conversation, left, taken.flow, taken.state, taken.expecting)


def _together(rows: Sequence[Row[Any]]) -> Incoming:
    newest = rows[-1]
    text = "\n".join(row.body for row in rows if row.body)
    return Incoming.stored(newest, text=text, kind=_kind(newest.media), extra=newest.extra or {})


def _kind(media: Sequence[Mapping[str, str]] | None) -> MediaKind:
    """As what kind a stored message counts: its own is not kept."""
    if not media:
        return "text"
    return _KINDS.get(media[0].get("content_type", "").partition("/")[0], "document")
