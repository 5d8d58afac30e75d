"""CompleteMandate: what the provider still lacked, said by the borrower; kept where the tape knew nothing."""

from sqlalchemy import update

from bot.conversation.turn import Turn
from flows.border.effects import CompleteMandate
from models import Borrower, Mandate

_B, _M = Borrower.__table__, Mandate.__table__


def apply(turn: Turn, effect: CompleteMandate) -> None:
    assert turn.borrower is not None, "only a confirmed borrower says who they are"
    for name in ("rfc", "curp", "email"):
        if value := effect.data.get(name):
            unknown = (_B.c.id == turn.borrower.id) & _B.c[name].is_(None)
            turn.connection.execute(update(_B).where(unknown).values({name: value}))
    waiting = (_M.c.folio == effect.folio) & (_M.c.status == "authorized")
    turn.connection.execute(update(_M).where(waiting).values(due_at=turn.now))
