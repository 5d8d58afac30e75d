"""Prefer: the borrower's own wish about hours or channel; declared beats learned."""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import Prefer
from models import borrower_table
from models.contact_point import CHANNELS


@applies(Prefer)
def apply(turn: Turn, effect: Prefer) -> None:
    wishes: dict[str, object] = {}
    if window := effect.data.get("time_window"):
        wishes |= {"preferred_from": window[0], "preferred_until": window[1]}
    if (channel := effect.data.get("channel")) in CHANNELS:
        wishes["preferred_channel"] = channel
    ids = [person.id for person in turn.people]
    if wishes:
        turn.connection.execute(update(borrower_table).where(borrower_table.c.id.in_(ids)).values(**wishes))
    turn.record("preference.recorded", {**effect.data, "message": turn.message_id})
