"""An offer that a person has to approve: approved by one click, it is read back to its borrower, whose yes
still decides.
"""

from sqlalchemy import update

from bot.handoff import hand_to_the_bot
from bot.reach import NewEvent, enqueue_event
from bot.services import Services
from models import task_table, write_tx


class NoSuchApproval(LookupError):
    """It was decided already, or is no case of this kind."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"task {task_id} holds no offer that waits: reload the page")


def approve_offer(services: Services, task_id: int, agent_id: int) -> int:
    """Its conversation. Raises NoSuchApproval, and NotYours where another agent has the conversation."""
    now, actor = services.clock.now(), f"agent:{agent_id}"
    with write_tx(services.engine) as connection:
        task = connection.execute(
            update(task_table)
            .where(
                task_table.c.id == task_id,
                task_table.c.kind == "plan_approval",
                task_table.c.done_at.is_(None),
                task_table.c.conversation_id.is_not(None),
            )
            .values(done_at=now, done_by=actor)
            .returning(task_table.c.conversation_id, task_table.c.loan_id, task_table.c.data)
        ).first()
        if task is None:
            raise NoSuchApproval(task_id)
        hand_to_the_bot(connection, task.conversation_id, agent_id, now)
        offer = {**task.data["offer"], "needs_person": None}
        event = NewEvent(
            "offer.approved",
            task.conversation_id,
            f"offer.approved:{task_id}",
            now,
            {"offer": offer, "agent": agent_id},
            task.loan_id,
        )
        enqueue_event(connection, event)
        return int(task.conversation_id)
