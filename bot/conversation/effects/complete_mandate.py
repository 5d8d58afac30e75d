"""CompleteMandate: what the provider still lacked, given by the borrower; kept where the tape had nothing."""

from sqlalchemy import update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import CompleteMandate
from models import borrower_table, mandate_table


@applies(CompleteMandate)
def apply(turn: Turn, effect: CompleteMandate) -> None:
    assert turn.borrower is not None, "only a confirmed borrower says who they are"
    for name in ("rfc", "curp", "email"):
        if value := effect.data.get(name):
            unknown = (borrower_table.c.id == turn.borrower.id) & borrower_table.c[name].is_(None)
            turn.connection.execute(update(borrower_table).where(unknown).values({name: value}))
    waiting = (mandate_table.c.folio == effect.folio) & (mandate_table.c.status == "authorized")
    turn.connection.execute(update(mandate_table).where(waiting).values(due_at=turn.now))
