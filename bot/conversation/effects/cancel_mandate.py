"""CancelMandate: ended in this very turn, its waiting charges with it; a sweep notifies the provider."""

from sqlalchemy import bindparam, select

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.debit.mandates import Ended, end_mandate
from flows.types.effects import CancelMandate
from models import charge_table, mandate_table
from models.base import word, words
from models.mandate import ACTIVE_STATES, PENDING_STATES

_ENDABLE = (*PENDING_STATES, *ACTIVE_STATES)
_IN_FLIGHT = ("submitting", "submitted", "processing", "unknown")
_OF_LOAN = (
    select(mandate_table)
    .where(mandate_table.c.loan_id == bindparam("loan"))
    .order_by(mandate_table.c.id)
    .with_for_update()
)
_ALL, _WAITING = (
    _OF_LOAN.where(mandate_table.c.status.in_(words(*_ENDABLE))),
    _OF_LOAN.where(mandate_table.c.status == word("requested")),
)
_FLYING = (
    select(charge_table.c.id)
    .where(charge_table.c.mandate_id == bindparam("mandate"), charge_table.c.status.in_(words(*_IN_FLIGHT)))
    .order_by(charge_table.c.id)
)


@applies(CancelMandate)
def apply(turn: Turn, effect: CancelMandate) -> None:
    found = _ALL if effect.reason == "borrower" else _WAITING
    for mandate in turn.connection.execute(found, {"loan": effect.loan_id}).all():
        data = {
            "message": turn.message_id,
            "in_flight": list(turn.connection.scalars(_FLYING, {"mandate": mandate.id})),
        }
        to: Ended = "expired" if effect.reason == "expired" else "cancelled"
        for entry in end_mandate(turn.connection, mandate, to, effect.reason, turn.now, turn.actor, **data):
            turn.add(entry, effect.loan_id)
