"""MoveCharge: the charge is planned for another day and announced afresh; refused where the guard forbids
that day, or where it has left.
"""

from bot.conversation.effects.registry import applies
from bot.conversation.shown import require_question_left
from bot.conversation.turn import Refused, Turn
from bot.debit.charging import ChargeDayRefused, ChargeTooLate, move_charge
from flows.types.effects import MoveCharge


@applies(MoveCharge)
def apply(turn: Turn, effect: MoveCharge) -> None:
    require_question_left(turn)
    try:
        loan, entry = move_charge(
            turn.connection, turn.services, effect.charge, effect.to, turn.now, turn.actor
        )
    except ChargeTooLate as error:
        raise Refused("charge_too_late") from error
    except ChargeDayRefused as error:
        raise Refused("charge_day") from error
    turn.add(entry, loan)
