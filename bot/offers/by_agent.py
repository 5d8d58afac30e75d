"""What an agent puts to a borrower through the bot: a plan within the lender's policy, a direct debit. The
bot reads it back, and the borrower's own yes decides; what policy leaves to a person is a supervisor's case.
"""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, exists, select

from bot.handoff import CannotLeave, hand_to_the_bot, once, reply_permission
from bot.offers.proved import proved_loan
from bot.reach import NewEvent, NewTask, enqueue_event, open_task
from bot.services import Services
from flows.offers.arithmetic import Counter, Situation, Wish, counter, propose_plans, situation_of
from flows.types.facts import LoanFacts
from flows.types.offer import Offer
from flows.types.offers import OffersPolicy
from models import Event, write_tx


class NoPlanFor(LookupError):
    """Policy has no plan for it."""

    def __init__(self, loan_id: int) -> None:
        super().__init__(f"policy allows no plan for loan {loan_id}: see `acuerdo offers explain`")


def plans_for(loan: LoanFacts, policy: OffersPolicy, today: date) -> tuple[Offer, ...]:
    """The plans that an agent may put to a borrower by one click: those that the bot would."""
    return () if loan.plan else propose_plans(policy, situation_of(loan, today, policy))


def offer_plan(
    services: Services,
    conversation_id: int,
    agent_id: int,
    loan_id: int,
    wish: Wish,
    *,
    leads: bool,
    key: str = "",
) -> Literal["offered", "asked"]:
    """`offered`: the bot has the conversation and reads the plan back. `asked`: it is beyond what this one
    may grant, and a supervisor has the case, with the plan as wished or the nearest that may be granted.
    `leads`: this one is a supervisor. What is sent again with its `key` is done once. Raises NoPlanFor,
    BorrowerUnknown, NotYours, CannotLeave.
    """
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        loan, policy, today = proved_loan(connection, services, conversation_id, loan_id, now)
        found, within = _found(policy, situation_of(loan, today, policy, whole=wish.whole), wish)
        if found.offer is None or loan.plan is not None:
            raise NoPlanFor(loan_id)
        offer, named = found.offer.to_json(), _named(conversation_id, agent_id, key, loan_id, str(wish))
        if found.answer == "taken" and (leads or (within and found.offer.needs_person is None)):
            data = {"offer": offer | {"needs_person": None}, "agent": agent_id}
            kind, outcome = "offer.approved", "plan_wanted"
            _put(connection, services, conversation_id, agent_id, kind, loan_id, data, outcome, named)
            return "offered"
        reason = found.offer.needs_person or "outside_policy"
        case = {"reason": reason, "offer": offer, "wish": wish.to_json(), "agent": agent_id}
        task = NewTask(
            "plan_approval",
            now,
            f"plan_approval:{named}",
            loan_id=loan_id,
            conversation_id=conversation_id,
            data=case,
        )
        open_task(connection, task)
        return "asked"


def _found(policy: OffersPolicy, situation: Situation, wish: Wish) -> tuple[Counter, bool]:
    """What the wish comes to, and whether it is within policy; else what a supervisor may grant."""
    found = counter(policy, situation, wish)
    if found.answer == "taken":
        return found, True
    return counter(policy.of_supervisor(), situation, wish), False


def offer_debit(
    services: Services, conversation_id: int, agent_id: int, loan_id: int, *, key: str = ""
) -> None:
    """The bot has the conversation and asks for the account and the consent; once for what is sent again with
    its `key`. Raises BorrowerUnknown, NotYours, CannotLeave.
    """
    with write_tx(services.engine) as connection:
        proved_loan(connection, services, conversation_id, loan_id, services.clock.now())
        data = {"agent": agent_id}
        named = _named(conversation_id, agent_id, key, loan_id)
        kind, outcome = "debit.asked", "debit_wanted"
        _put(connection, services, conversation_id, agent_id, kind, loan_id, data, outcome, named)


def _named(conversation_id: int, agent_id: int, key: str, *wish: int | str) -> str:
    """The same for the same wish under the same key; without a key always another one."""
    return once(conversation_id, agent_id, key or secrets.token_hex(6), *wish)


def _put(
    connection: Connection,
    services: Services,
    conversation_id: int,
    agent_id: int,
    kind: str,
    loan_id: int,
    data: Mapping[str, Any],
    outcome: str,
    named: str,
) -> None:
    now, key = services.clock.now(), f"{kind}:{named}"
    if connection.scalar(select(exists().where(Event.key == key))):
        return
    head = hand_to_the_bot(connection, conversation_id, agent_id, now, outcome)
    if (permission := reply_permission(connection, services, head, now)).how != "reply":
        raise CannotLeave(permission)
    enqueue_event(connection, NewEvent(kind, conversation_id, key, now, data, loan_id))
