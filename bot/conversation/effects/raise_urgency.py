"""RaiseUrgency: the conversation stays where it is in the queue or with its agent, and is more urgent."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import RaiseUrgency


@applies(RaiseUrgency)
def apply(turn: Turn, effect: RaiseUrgency) -> None:
    if effect.urgency > turn.view.urgency:
        turn.changes |= {"urgency": effect.urgency, "queue_reason": effect.reason}
