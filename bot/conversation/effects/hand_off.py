"""HandOff: to the agents' queue. From the next message on the bot is silent."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import HandOff


@applies(HandOff)
def apply(turn: Turn, effect: HandOff) -> None:
    if turn.changes.get("handler") == "queue":  # two matters of one message: one person takes both
        if effect.urgency > turn.changes["urgency"]:
            turn.changes |= {"queue_reason": effect.reason, "urgency": effect.urgency}
        return
    turn.changes |= {
        "handler": "queue",
        "queue_reason": effect.reason,
        "urgency": effect.urgency,
        "queued_at": turn.now,
    }
    turn.record(
        "handoff.requested", {"reason": effect.reason, "urgency": effect.urgency, "message": turn.message_id}
    )
