"""OpenTask: something that a person must look at."""

from sqlalchemy import insert

from bot.conversation.turn import Turn
from flows.types.effects import OpenTask
from models import task_table


def apply(turn: Turn, effect: OpenTask) -> None:
    task = {
        "kind": effect.kind,
        "conversation_id": turn.view.id,
        "loan_id": effect.loan_id,
        "message_id": turn.message_id,
        "data": dict(effect.data),
        "created_at": turn.now,
    }
    turn.connection.execute(insert(task_table), task)
