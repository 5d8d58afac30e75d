"""AnnounceCharge: the message that announces it is noted once it is written; a charge that moved meanwhile is
announced afresh.
"""

from sqlalchemy import bindparam, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import AnnounceCharge
from models import charge_table
from models.base import word

_NOTED = (
    update(charge_table)
    .where(
        charge_table.c.id == bindparam("charge"),
        charge_table.c.charge_on == bindparam("day"),
        charge_table.c.status == word("planned"),
    )
    .values(notice_message_id=bindparam("message"))
)


@applies(AnnounceCharge)
def apply(turn: Turn, effect: AnnounceCharge) -> None:
    def note() -> None:
        announced = {"charge": effect.charge, "day": effect.charge_on, "message": turn.queued[-1]}
        turn.connection.execute(_NOTED, announced)

    turn.at_end.append(note)
