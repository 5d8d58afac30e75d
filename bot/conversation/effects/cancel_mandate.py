"""CancelMandate: ended in this very turn, its waiting charges with it; the provider is told by a sweep."""

from sqlalchemy import select

from bot.conversation.turn import Turn
from flows.border.effects import CancelMandate
from models import Charge, Mandate
from models.ledger import Ended, end_mandate

_M, _C = Mandate.__table__, Charge.__table__
_ENDABLE = ("draft", "requested", "authorized", "submitted", "active", "suspended", "disputed")
IN_FLIGHT = ("submitting", "submitted", "processing", "unknown")


def apply(turn: Turn, effect: CancelMandate) -> None:
    states = _ENDABLE if effect.reason == "borrower" else ("requested",)
    found = select(_M).where(_M.c.loan_id == effect.loan_id, _M.c.status.in_(states)).order_by(_M.c.id).with_for_update()
    for mandate in turn.connection.execute(found).all():
        flying = select(_C.c.id).where(_C.c.mandate_id == mandate.id, _C.c.status.in_(IN_FLIGHT)).order_by(_C.c.id)
        told = {"message": turn.message_id, "in_flight": list(turn.connection.scalars(flying))}
        to: Ended = "expired" if effect.reason == "expired" else "cancelled"
        for entry in end_mandate(turn.connection, mandate, to, effect.reason, turn.now, turn.actor, **told):
            turn.add(entry, effect.loan_id)
