"""CancelCharge: one charge is not made; refused where it has left."""

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Refused, Turn
from bot.debit.charging import ChargeTooLate, cancel_charge
from flows.types.effects import CancelCharge


@applies(CancelCharge)
def apply(turn: Turn, effect: CancelCharge) -> None:
    try:
        loan, entry = cancel_charge(
            turn.connection, turn.services, effect.charge, turn.now, turn.actor, effect.reason
        )
    except ChargeTooLate as error:
        raise Refused("charge_too_late") from error
    turn.add(entry, loan)
