"""GiveNotice: the first-contact notice is among this turn's words; it is given once."""

from sqlalchemy import update

from bot.conversation.turn import Turn
from flows.border.effects import GiveNotice
from models import Borrower

_B = Borrower.__table__


def apply(turn: Turn, effect: GiveNotice) -> None:
    del effect
    ids = [person.id for person in turn.people]
    turn.connection.execute(update(_B).where(_B.c.id.in_(ids)).values(notice_given_at=turn.now))
    turn.record("document.issued", {"document": "first_contact_notice", "message": turn.said[-1] if turn.said else None})
