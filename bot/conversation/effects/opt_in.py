"""OptIn: they want our messages again."""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import OptIn
from models import borrower_table


@applies(OptIn)
def apply(turn: Turn, effect: OptIn) -> None:
    del effect
    ids = [person.id for person in turn.people]
    turn.connection.execute(
        update(borrower_table).where(borrower_table.c.id.in_(ids)).values(opted_out_at=None)
    )
    turn.record("optin.recorded", {"channel": turn.view.channel, "message": turn.message_id})
