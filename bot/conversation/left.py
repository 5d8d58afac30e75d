"""What a borrower wrote while a person had the conversation and nobody answered: once the bot has it back,
it is read as one message, and answered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, func, select

import flows
from bot.conversation import choices, identity_change
from bot.conversation.incoming import UNPROVED, Incoming
from bot.conversation.understand import ACCOUNT, understand
from bot.conversation.view import View
from bot.services import Services
from flows.engine import Step
from flows.types.effects import Effect, HandOff, RaiseUrgency
from flows.types.event import AccountGiven, MediaKind, Message
from models import message_table
from models.base import AnyRow

LEFT = "left"
"""In `understood`: a person had the conversation when it came, so that the bot did not answer."""
ALREADY = "already"
"""In `understood`: what of it was done when it came."""
_HAVE_A_CASE = ("complaint", "dispute_charge", "dispute_debt")
"""Reasons for a person whose case goes on when the conversation is given back."""
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


def read_again(connection: Connection, services: Services, view: View) -> tuple[View, Message | None]:
    """What was left unanswered, as one message, null where nothing was; and the view of who wrote it."""
    rows = left_unanswered(connection, view.id)
    if not rows:
        return view, None
    incoming = _together(rows)
    view = identity_change.unproved(view) if incoming.unproved else view
    message = understand(services, incoming, view)[0]
    read = [row.understood or {} for row in rows]
    already = tuple(what for each in read for what in each.get(ALREADY, ()))
    account = next((each[ACCOUNT] for each in reversed(read) if ACCOUNT in each), None)
    labels = _labels(already)
    message = message if labels else _as_done(message, already)
    also = tuple(label for label in labels if label not in (message.intent, *message.also))
    message = replace(
        message,
        already=already,
        rest=message.rest and replace(message.rest, already=already),
        also=(*message.also, *also),
        account=AccountGiven(**account) if account else None,
    )
    shown = choices.newest(connection, incoming, view) if choices.may_pick(incoming, view) else None
    return view, choices.with_choice(message, incoming, shown)


def step_again(view: View, message: Message) -> Step:
    """The turn of such a message, without what was done at once when it came: what protects the borrower.
    Where it reads otherwise now, by what has happened since, all of it is done.
    """
    silent = flows.step(view.conversation, message, view.facts, silent=True)
    done = silent.effects if set(done_by(silent)) <= set(message.already) else ()
    taken = flows.step(view.conversation, message, view.facts)
    left = tuple(each for each in taken.effects if each not in done and not _given_back(each, message))
    return Step(taken.conversation, left, taken.flow, taken.state, taken.expecting)


def _labels(already: Sequence[str]) -> list[str]:
    """As what each message was read that protected somebody: together they may read as one of these. Next to
    what is grave nothing else is spoken of.
    """
    if "vulnerability" in already:
        return []
    flows_done = (flows.CATALOGUE[name] for name in dict.fromkeys(already) if name in flows.CATALOGUE)
    return [label for flow in flows_done if flow.protects for label in flow.intents]


def _as_done(message: Message, already: Sequence[str]) -> Message:
    """As the act that was done when it came: of a charge that is called off nothing is left to be read."""
    done = (flows.CATALOGUE[name] for name in already if name in flows.CATALOGUE)
    act = next((flow.acts[0] for flow in done if flow.protects and flow.acts), None)
    if act is None:
        return message
    return replace(message.acting(act), rest=message.rest and message.rest.acting(act))


def done_by(step: Step) -> list[str]:
    """What a silent step did at once, by the reasons for which it is urgent."""
    return [effect.reason for effect in step.effects if isinstance(effect, RaiseUrgency)]


def _given_back(effect: Effect, message: Message) -> bool:
    """Whether it asks for the person who has just given the conversation back, knowing of the case."""
    if not isinstance(effect, HandOff):
        return False
    return effect.reason in message.already and effect.reason in _HAVE_A_CASE


def _together(rows: Sequence[Row[Any]]) -> Incoming:
    newest = rows[-1]
    text = "\n".join(row.body for row in rows if row.body)
    extra = dict(newest.extra or {})
    for row in rows:
        extra |= {UNPROVED: row.extra[UNPROVED]} if UNPROVED in (row.extra or {}) else {}
    return Incoming.stored(newest, text=text, kind=_kind(newest.media), extra=extra)


def _kind(media: Sequence[Mapping[str, str]] | None) -> MediaKind:
    """As what kind a stored message counts: its own is not kept."""
    if not media:
        return "text"
    return _KINDS.get(media[0].get("content_type", "").partition("/")[0], "document")
