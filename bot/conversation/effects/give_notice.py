"""GiveNotice: the first-contact notice is among this turn's words; it is given once."""

from sqlalchemy import bindparam, update

from bot.conversation.turn import Turn
from flows.border.effects import GiveNotice
from models import Borrower

_B = Borrower.__table__
_GIVEN = update(_B).where(_B.c.id == bindparam("person")).values(notice_given_at=bindparam("at"))


def apply(turn: Turn, effect: GiveNotice) -> None:
    del effect
    if turn.people:
        turn.connection.execute(_GIVEN, [{"person": person.id, "at": turn.now} for person in turn.people])
    turn.record("document.issued", {"document": "first_contact_notice", "message": turn.said[-1] if turn.said else None})
