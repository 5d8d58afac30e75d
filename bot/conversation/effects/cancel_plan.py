"""CancelPlan: the agreement in force, if there is one, ends, with the charges of its parts that wait."""

from sqlalchemy import bindparam, select

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.debit.charging import drop_parts
from flows.types.effects import CancelPlan
from models import plan_table
from models.base import word
from models.transitions import move

_ACTIVE = select(plan_table.c.id, plan_table.c.folio).where(
    plan_table.c.loan_id == bindparam("loan"), plan_table.c.status == word("active")
)


@applies(CancelPlan)
def apply(turn: Turn, effect: CancelPlan) -> None:
    plan = turn.connection.execute(_ACTIVE, {"loan": effect.loan_id}).first()
    if plan is None:
        return
    data = {"plan": plan.id, "folio": plan.folio, "message": turn.message_id, "reason": "borrower"}
    move(turn.connection, "plan", plan.id, "cancelled", at=turn.now, actor=turn.actor, data=data)
    turn.record("plan.cancelled", data, effect.loan_id)
    for entry in drop_parts(turn.connection, plan.id, turn.now, turn.actor):
        turn.add(entry, effect.loan_id)
