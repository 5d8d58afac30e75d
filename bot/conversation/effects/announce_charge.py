"""AnnounceCharge: the message that says so is noted once it is written; a charge that moved meanwhile is
announced afresh.
"""

from bot.conversation.turn import Turn
from flows.types.effects import AnnounceCharge


def apply(turn: Turn, effect: AnnounceCharge) -> None:
    turn.announced.append((effect.charge, effect.charge_on))
