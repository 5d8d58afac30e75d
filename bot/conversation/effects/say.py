"""Say: a row in the outbox. The words are made at dispatch, from what is true then."""

from sqlalchemy import insert

from bot.conversation.turn import Turn
from bot.conversation.upsert import add
from bot.wording import encode
from flows.border.effects import Say
from models import Message

_INSERT = insert(Message.__table__)


def apply(turn: Turn, effect: Say) -> None:
    row = {
        "conversation_id": turn.view.id, "borrower_id": turn.people[0].id if len(turn.people) == 1 else None, "loan_id": effect.loan_id,
        "direction": "out", "author": "bot", "channel": turn.view.channel, "address": turn.view.address, "sender": turn.view.sender,
        "status": "queued", "body": "", "wording": encode(effect), "purpose": effect.purpose, "owner_version": turn.version,
        "not_before": turn.now, "created_at": turn.now, "attempts": 0,
    }  # fmt: skip
    turn.said.append(add(turn.connection, _INSERT, row))
