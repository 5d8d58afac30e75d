"""OpenTask: something that a person must look at; or what is added to what waits for one already."""

from typing import Any

from sqlalchemy import bindparam, select, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.reach import NewTask, end_of, open_task
from flows.types.effects import OpenTask
from models import task_table
from models.task import HELD_BY

_OPEN = (
    select(task_table.c.id, task_table.c.data)
    .where(task_table.c.kind == bindparam("kind"), task_table.c.done_at.is_(None))
    .order_by(task_table.c.id.desc())
    .limit(1)
)
_OF_LOAN = _OPEN.where(task_table.c.loan_id == bindparam("loan"))
_HERE = _OPEN.where(task_table.c.conversation_id == bindparam("conversation"))


@applies(OpenTask)
def apply(turn: Turn, effect: OpenTask) -> None:
    """One of all loans of one person stands under the first of them."""
    loans = [effect.loan_id] if effect.loan_id is not None else turn.loans
    data = dict(effect.data)
    if effect.kind in HELD_BY or effect.due:
        data["loans"] = loans
    if effect.joins and _joined(turn, effect, data):
        return
    open_task(
        turn.connection,
        NewTask(
            effect.kind,
            turn.now,
            key=f"{data['folio']}:{turn.view.id}" if effect.due else None,  # found by its folio
            loan_id=loans[0] if loans and len(turn.people) == 1 else effect.loan_id,
            conversation_id=turn.view.id,
            message_id=turn.message_id,
            data=data,
            due_at=end_of(effect.due) if effect.due else None,
        ),
    )


def _joined(turn: Turn, effect: OpenTask, new: dict[str, Any]) -> bool:
    """Whether a case was open. What is reported later holds, but for what is merely not there; a case that
    holds loans keeps its folio and its day.
    """
    given = {"kind": effect.kind, "loan": effect.loan_id, "conversation": turn.view.id}
    holds = effect.kind in HELD_BY
    case = turn.connection.execute(_HERE if holds else _OF_LOAN, given).first()
    if case is None:
        return False
    if holds:
        data = {**new, **case.data, "loans": sorted({*case.data["loans"], *new["loans"]})}
    else:
        data = {**case.data, **{name: value for name, value in new.items() if value is not False}}
    if data != case.data:
        turn.connection.execute(update(task_table).where(task_table.c.id == case.id).values(data=data))
    return True
