"""StartTimer: it names its wait, so that it does nothing once the conversation has moved on."""

from sqlalchemy import insert

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import StartTimer
from models import timer_table

_INSERT = insert(timer_table)


@applies(StartTimer)
def apply(turn: Turn, effect: StartTimer) -> None:
    timer = {
        "conversation_id": turn.view.id,
        "name": effect.name,
        "wait_id": effect.wait_id,
        "due_at": effect.due,
    }
    turn.connection.execute(_INSERT, timer)
