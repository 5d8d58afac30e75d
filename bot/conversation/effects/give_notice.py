"""GiveNotice: the first-contact notice is among this turn's words; it is given once."""

from sqlalchemy import bindparam, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import GiveNotice
from models import borrower_table

_GIVEN = (
    update(borrower_table)
    .where(borrower_table.c.id == bindparam("person"))
    .values(notice_given_at=bindparam("at"))
)


@applies(GiveNotice)
def apply(turn: Turn, effect: GiveNotice) -> None:
    del effect
    if turn.people:
        turn.connection.execute(_GIVEN, [{"person": person.id, "at": turn.now} for person in turn.people])
    turn.record(
        "document.issued",
        {"document": "first_contact_notice", "message": turn.queued[-1] if turn.queued else None},
    )
