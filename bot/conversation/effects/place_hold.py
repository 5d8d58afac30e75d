"""PlaceHold: a reason not to chase or charge, for a time or until lifted. One of a kind is open per loan."""

from sqlalchemy import insert, update

from bot.conversation.turn import Turn
from flows.border.effects import PlaceHold
from models import Hold, Loan

_H, _L = Hold.__table__, Loan.__table__


def apply(turn: Turn, effect: PlaceHold) -> None:
    loans = [effect.loan_id] if effect.loan_id is not None else [loan.id for person in turn.people for loan in person.loans]
    if not loans:
        return
    earlier = (_H.c.loan_id.in_(loans)) & (_H.c.kind == effect.kind) & _H.c.lifted_at.is_(None)
    if effect.until is None:
        kept = set(turn.connection.scalars(_H.select().with_only_columns(_H.c.loan_id).where(earlier, _H.c.until.is_(None))))
        loans = [loan for loan in loans if loan not in kept]
    replaced = earlier if effect.until is not None else earlier & _H.c.until.is_not(None)
    turn.connection.execute(update(_H).where(replaced).values(lifted_at=turn.now))
    if loans:
        turn.connection.execute(insert(_H), [{"loan_id": loan, "kind": effect.kind, "placed_at": turn.now, "until": effect.until} for loan in loans])
    if effect.kind == "dispute":
        turn.connection.execute(update(_L).where(_L.c.id.in_(loans), _L.c.status.in_(("current", "overdue"))).values(status="disputed"))
    until = {"until": effect.until.isoformat()} if effect.until else {}
    for loan in loans:
        turn.record("hold.placed", {"hold": effect.kind, "message": turn.message_id, **until}, loan)
