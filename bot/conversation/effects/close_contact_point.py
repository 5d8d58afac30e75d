"""CloseContactPoint: nobody is reached here again until a tape says otherwise."""

from sqlalchemy import update

from bot.conversation.turn import Turn
from flows.border.effects import CloseContactPoint
from models import ContactPoint

_P = ContactPoint.__table__


def apply(turn: Turn, effect: CloseContactPoint) -> None:
    here = (_P.c.conversation_id == turn.view.id) & (_P.c.status != "closed")
    turn.connection.execute(update(_P).where(here).values(status="closed", closed_reason=effect.reason, confirmed_at=None))
    turn.changes["borrower_id"] = None
    turn.record("contact_point.closed", {"channel": turn.view.channel, "reason": effect.reason, "message": turn.message_id})
