"""OptOut: no more messages of ours, on any channel, from this moment; what waits in the outbox is dropped at
dispatch.
"""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import OptOut
from models import borrower_table


@applies(OptOut)
def apply(turn: Turn, effect: OptOut) -> None:
    del effect
    ids = [person.id for person in turn.people]
    turn.connection.execute(
        update(borrower_table).where(borrower_table.c.id.in_(ids)).values(opted_out_at=turn.now)
    )
    turn.record("optout.recorded", {"channel": turn.view.channel, "message": turn.message_id})
