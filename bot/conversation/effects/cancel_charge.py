"""CancelCharge: one charge is not made. Nothing does so yet: the turn
is refused as too late.
"""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Refused, Turn
from flows.types.effects import CancelCharge


@applies(CancelCharge)
def apply(turn: Turn, effect: CancelCharge) -> None:
    del turn, effect
    raise Refused("charge_too_late")
