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


class BorrowerUnknown(Exception):
    """Who is writing has to be proved again before anything of a debt is sent."""

    def __init__(self, conversation_id: int) -> None:
        super().__init__(f"nobody is confirmed in conversation {conversation_id}: ask who is writing first")
        self.conversation_id = conversation_id


def approve_offer(services: Services, task_id: int, agent_id: int) -> int:
    """Its conversation. Raises NoSuchApproval, BorrowerUnknown, and NotYours while an agent has it who did
    not ask for this offer: the case then stays open.
    """
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
            .values(done_at=now, done_by=actor, outcome="solved")
            .returning(task_table.c.conversation_id, task_table.c.loan_id, task_table.c.data)
        ).first()
        if task is None:
            raise NoSuchApproval(task_id)
        asked_by = task.data.get("agent")
        head = hand_to_the_bot(connection, task.conversation_id, agent_id, now, asked_by=asked_by)
        if head.borrower_id is None:
            raise BorrowerUnknown(task.conversation_id)
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
