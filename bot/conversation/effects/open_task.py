"""OpenTask: something that a person must look at."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.reach import NewTask, open_task
from flows.types.effects import OpenTask


@applies(OpenTask)
def apply(turn: Turn, effect: OpenTask) -> None:
    open_task(
        turn.connection,
        NewTask(
            effect.kind,
            turn.now,
            loan_id=effect.loan_id,
            conversation_id=turn.view.id,
            message_id=turn.message_id,
            data=effect.data,
        ),
    )
