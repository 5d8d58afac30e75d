"""CancelPromise: the open one, if there is one, gives way."""

from sqlalchemy import select

from bot.conversation.turn import Turn
from flows.border.effects import CancelPromise
from models import Promise
from models.transitions import move

_P = Promise.__table__


def apply(turn: Turn, effect: CancelPromise) -> None:
    open_one = select(_P.c.id).where(_P.c.loan_id == effect.loan_id, _P.c.status == "open")
    if (promise_id := turn.connection.scalar(open_one)) is None:
        return
    data = {"promise": promise_id, "message": turn.message_id}
    move(turn.connection, "promise", promise_id, "cancelled", at=turn.now, actor=turn.actor, data=data)
    turn.record("promise.cancelled", data, effect.loan_id)
