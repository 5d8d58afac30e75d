"""What a step wants done, one file per effect: each applies its own in the turn's transaction, and registers
itself by `@applies`.
"""

import sys
from collections.abc import Iterable

from bot.conversation.effects.registry import APPLICATIONS, collect
from bot.conversation.turn import Turn
from flows.types.effects import (
    CancelMandate,
    CloseContactPoint,
    Effect,
    HandOff,
    OptOut,
    PlaceHold,
    RaiseUrgency,
)

collect(sys.modules[__name__])

PROTECTING = (CancelMandate, CloseContactPoint, HandOff, OptOut, PlaceHold, RaiseUrgency)
"""Their turn's answer does not wait for more messages."""


def apply_all(turn: Turn, wanted: Iterable[Effect]) -> None:
    """Applies the effects in their order. What they gather is written by `turn.finish()`."""
    wanted = tuple(wanted)
    turn.urgent = any(isinstance(effect, PROTECTING) for effect in wanted)
    for effect in wanted:
        APPLICATIONS[type(effect)](turn, effect)


__all__ = ["APPLICATIONS", "apply_all"]
