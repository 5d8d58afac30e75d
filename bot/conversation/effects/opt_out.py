"""OptOut: no more messages of ours, on any channel, from this moment; what waits in the outbox is dropped at dispatch."""

from sqlalchemy import update

from bot.conversation.turn import Turn
from flows.border.effects import OptOut
from models import Borrower

_B = Borrower.__table__


def apply(turn: Turn, effect: OptOut) -> None:
    del effect
    ids = [person.id for person in turn.people]
    turn.connection.execute(update(_B).where(_B.c.id.in_(ids)).values(opted_out_at=turn.now))
    turn.record("optout.recorded", {"channel": turn.view.channel, "message": turn.message_id})
