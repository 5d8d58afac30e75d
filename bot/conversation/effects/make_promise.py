"""MakePromise: the borrower confirmed a day and an amount. One is open per loan: an earlier one is cancelled
by it.
"""

from typing import Any

from sqlalchemy import insert

from bot.conversation.effects import cancel_promise
from bot.conversation.effects.registry import applies
from bot.conversation.shown import require_question_left
from bot.conversation.turn import Refused, Turn
from bot.debit.charging import ChargeTooLate, hold_for_promise
from flows.types.effects import CancelPromise, MakePromise
from flows.types.offer import Part
from models import promise_table
from models.transitions import begin
from models.upsert import add
from values import add_banking_days

_INSERT = insert(promise_table)


@applies(MakePromise)
def apply(turn: Turn, effect: MakePromise) -> None:
    require_question_left(turn)
    cancel_promise.apply(turn, CancelPromise(effect.loan_id))
    grace = turn.services.lender.terms.promise_grace_banking_days
    promise: dict[str, Any] = {
        "loan_id": effect.loan_id,
        "message_id": turn.message_id,
        "amount": effect.amount.centavos,
        "due_date": effect.due_date,
        "expires_on": add_banking_days(effect.due_date, grace),
        "status": "open",
        "made_at": turn.now,
        "rest": [_later(part, grace) for part in effect.rest] or None,
    }
    promise_id = add(turn.connection, _INSERT, promise)
    data: dict[str, Any] = {
        "promise": promise_id,
        "amount": effect.amount.centavos,
        "due_date": effect.due_date.isoformat(),
        "expires_on": promise["expires_on"].isoformat(),
        "message": turn.message_id,
    }
    if effect.rest:
        data["rest"] = [[part.due_date.isoformat(), part.amount.centavos] for part in effect.rest]
    _hold_charges(turn, effect)
    begin(turn.connection, "promise", promise_id, "open", at=turn.now, actor=turn.actor, data=data)
    turn.record("promise.made", data, effect.loan_id)


def _later(part: Part, grace: int) -> dict[str, Any]:
    """JSON values."""
    return {
        "amount": part.amount.centavos,
        "date": part.due_date.isoformat(),
        "expires_on": add_banking_days(part.due_date, grace).isoformat(),
    }


def _hold_charges(turn: Turn, effect: MakePromise) -> None:
    """What waits to be charged is not charged while the promise stands, as its borrower reads."""
    try:
        entry = hold_for_promise(
            turn.connection, turn.services, effect.loan_id, effect.charge, turn.now, turn.actor
        )
    except ChargeTooLate as error:
        raise Refused("charge_too_late") from error
    if entry is not None:
        turn.add(entry, effect.loan_id)
