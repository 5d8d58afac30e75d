"""CancelMandate: ended in this very turn, its waiting charges with it; the provider is told by a sweep."""

from sqlalchemy import bindparam, select

from bot.conversation.turn import Turn
from flows.border.effects import CancelMandate
from models import Charge, Mandate
from models.base import word, words
from models.ledger import Ended, end_mandate

_M, _C = Mandate.__table__, Charge.__table__
_ENDABLE = ("draft", "requested", "authorized", "submitted", "active", "suspended", "disputed")
_IN_FLIGHT = ("submitting", "submitted", "processing", "unknown")
_OF_LOAN = select(_M).where(_M.c.loan_id == bindparam("loan")).order_by(_M.c.id).with_for_update()
_ALL, _WAITING = _OF_LOAN.where(_M.c.status.in_(words(*_ENDABLE))), _OF_LOAN.where(_M.c.status == word("requested"))
_FLYING = select(_C.c.id).where(_C.c.mandate_id == bindparam("mandate"), _C.c.status.in_(words(*_IN_FLIGHT))).order_by(_C.c.id)


def apply(turn: Turn, effect: CancelMandate) -> None:
    found = _ALL if effect.reason == "borrower" else _WAITING
    for mandate in turn.connection.execute(found, {"loan": effect.loan_id}).all():
        told = {"message": turn.message_id, "in_flight": list(turn.connection.scalars(_FLYING, {"mandate": mandate.id}))}
        to: Ended = "expired" if effect.reason == "expired" else "cancelled"
        for entry in end_mandate(turn.connection, mandate, to, effect.reason, turn.now, turn.actor, **told):
            turn.add(entry, effect.loan_id)
