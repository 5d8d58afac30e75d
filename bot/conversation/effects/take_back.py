"""TakeBack: out of the agents' queue, at the borrower's own wish."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import TakeBack


@applies(TakeBack)
def apply(turn: Turn, effect: TakeBack) -> None:
    del effect
    if turn.view.handler != "queue":
        return
    turn.changes |= {
        "handler": "bot",
        "queue_reason": None,
        "urgency": 0,
        "queued_at": None,
        "snoozed_until": None,
        "released_at": turn.now,
        "released_by": None,
    }
    turn.record("handoff.released", {"outcome": "not_wanted", "message": turn.message_id})
