"""MoveCharge: the charge is made on another day. Nothing does so yet: the turn
is refused as too late.
"""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Refused, Turn
from flows.types.effects import MoveCharge


@applies(MoveCharge)
def apply(turn: Turn, effect: MoveCharge) -> None:
    del turn, effect
    raise Refused("charge_too_late")
