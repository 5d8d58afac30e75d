"""CloseContactPoint: nobody is reached here again until a tape says otherwise."""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import CloseContactPoint
from models import contact_point_table


@applies(CloseContactPoint)
def apply(turn: Turn, effect: CloseContactPoint) -> None:
    here = (contact_point_table.c.conversation_id == turn.view.id) & (
        contact_point_table.c.status != "closed"
    )
    turn.connection.execute(
        update(contact_point_table)
        .where(here)
        .values(status="closed", closed_reason=effect.reason, confirmed_at=None)
    )
    turn.changes["borrower_id"] = None
    turn.record(
        "contact_point.closed",
        {"channel": turn.view.channel, "reason": effect.reason, "message": turn.message_id},
    )
