"""An offer that a person has to approve: approved by one click, it is read back to its borrower, whose yes
still decides.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, update

from bot.handoff import hand_to_the_bot
from bot.offers.proved import BorrowerUnknown, proved_loan
from bot.reach import NewEvent, enqueue_event
from bot.services import Services
from flows.offers.arithmetic import barrier, is_outdated, situation_of
from flows.types.offer import Offer
from models import task_table, write_tx
from models.base import AnyRow


class NoSuchApproval(LookupError):
    """It was decided already, or is no case of this kind."""

    def __init__(self, task_id: int) -> None:
        super().__init__(f"task {task_id} holds no offer that waits: reload the page")


class OfferOver(Exception):
    """It can be agreed no more: `stopped` where the loan is on hold, is settled or has a plan already;
    `outdated` where another sum is owed or its first day has gone by.
    """

    def __init__(self, why: Literal["stopped", "outdated"]) -> None:
        super().__init__(f"the offer is {why}: make another one")
        self.why = why


def approve_offer(services: Services, task_id: int, agent_id: int) -> int:
    """Its conversation. Raises NoSuchApproval, BorrowerUnknown, OfferOver, and NotYours while an agent has it
    who did not ask for this offer: the case then stays open.
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
        _still_stands(connection, services, task, now)
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


def _still_stands(connection: Connection, services: Services, task: AnyRow, now: datetime) -> None:
    """Raises OfferOver, BorrowerUnknown."""
    where = task.conversation_id, task.loan_id
    loan, policy, today = proved_loan(connection, services, *where, now)
    situation = situation_of(loan, today, policy)
    if barrier(policy, situation) is not None:
        raise OfferOver("stopped")
    if is_outdated(Offer.from_json(task.data["offer"]), situation, today):
        raise OfferOver("outdated")
