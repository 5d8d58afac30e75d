"""EndIdentity: somebody else writes from here; whoever writes next has to prove to be the borrower again."""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import EndIdentity
from models import contact_point_table


@applies(EndIdentity)
def apply(turn: Turn, effect: EndIdentity) -> None:
    del effect
    here = contact_point_table.c.conversation_id == turn.view.id
    confirmed = here & (contact_point_table.c.status == "confirmed")
    turn.connection.execute(
        update(contact_point_table).where(confirmed).values(status="unverified", confirmed_at=None)
    )
    turn.changes["borrower_id"] = None
