"""CancelPromise: the open one, if there is one, gives way."""

from sqlalchemy import bindparam, select

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import CancelPromise
from models import promise_table
from models.base import word
from models.transitions import move

_OPEN = select(promise_table.c.id).where(
    promise_table.c.loan_id == bindparam("loan"), promise_table.c.status == word("open")
)


@applies(CancelPromise)
def apply(turn: Turn, effect: CancelPromise) -> None:
    if (promise_id := turn.connection.scalar(_OPEN, {"loan": effect.loan_id})) is None:
        return
    data = {"promise": promise_id, "message": turn.message_id}
    move(turn.connection, "promise", promise_id, "cancelled", at=turn.now, actor=turn.actor, data=data)
    turn.record("promise.cancelled", data, effect.loan_id)
