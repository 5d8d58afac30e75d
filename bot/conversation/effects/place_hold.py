"""PlaceHold: a reason not to chase or charge, for a time or until lifted. One of a kind is open per loan."""

from sqlalchemy import insert, select, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import PlaceHold
from models import hold_table, loan_table


@applies(PlaceHold)
def apply(turn: Turn, effect: PlaceHold) -> None:
    loans = [effect.loan_id] if effect.loan_id is not None else turn.loans
    earlier = (
        (hold_table.c.loan_id.in_(loans))
        & (hold_table.c.kind == effect.kind)
        & hold_table.c.lifted_at.is_(None)
    )
    same = hold_table.c.until.is_(None) if effect.until is None else hold_table.c.until == effect.until
    kept = set(turn.connection.scalars(select(hold_table.c.loan_id).where(earlier, same)))
    loans = [loan for loan in loans if loan not in kept]
    if not loans:
        return
    replaced = earlier & hold_table.c.loan_id.in_(loans)
    turn.connection.execute(update(hold_table).where(replaced).values(lifted_at=turn.now))
    turn.connection.execute(
        insert(hold_table),
        [
            {"loan_id": loan, "kind": effect.kind, "placed_at": turn.now, "until": effect.until}
            for loan in loans
        ],
    )
    if effect.kind == "dispute":
        turn.connection.execute(
            update(loan_table)
            .where(loan_table.c.id.in_(loans), loan_table.c.status.in_(("current", "overdue")))
            .values(status="disputed")
        )
    until = {"until": effect.until.isoformat()} if effect.until else {}
    for loan in loans:
        turn.record("hold.placed", {"hold": effect.kind, "message": turn.message_id, **until}, loan)
