"""OpenTask: something that a person must look at; or what is added to what waits for one already."""

from sqlalchemy import bindparam, select, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.reach import NewTask, open_task
from flows.types.effects import OpenTask
from models import task_table

_STANDING = (
    select(task_table.c.id, task_table.c.data)
    .where(
        task_table.c.kind == bindparam("kind"),
        task_table.c.loan_id == bindparam("loan"),
        task_table.c.done_at.is_(None),
    )
    .order_by(task_table.c.id.desc())
    .limit(1)
)


@applies(OpenTask)
def apply(turn: Turn, effect: OpenTask) -> None:
    if effect.joins and _joined(turn, effect):
        return
    open_task(
        turn.connection,
        NewTask(
            effect.kind,
            turn.now,
            loan_id=effect.loan_id,
            conversation_id=turn.view.id,
            message_id=turn.message_id,
            data=effect.data,
        ),
    )


def _joined(turn: Turn, effect: OpenTask) -> bool:
    """Whether a case was open. What is reported later holds, but for what is merely not there."""
    given = {"kind": effect.kind, "loan": effect.loan_id}
    case = turn.connection.execute(_STANDING, given).first()
    if case is None:
        return False
    data = {**case.data, **{name: value for name, value in effect.data.items() if value is not False}}
    if data != case.data:
        turn.connection.execute(update(task_table).where(task_table.c.id == case.id).values(data=data))
    return True
