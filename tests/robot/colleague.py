"""A person of the lender's: takes a conversation, answers, gives it back; closes the cases that wait."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert

from bot.handoff import CannotLeave, close_case, give_back, reply, take
from bot.services import Services
from models import Agent, write_tx
from models.base import AnyRow

WORDS = "Hola, soy Laura, del equipo de Crédito Jacaranda. ¿En qué te puedo ayudar?"
_ENDS = {
    "payment_reported": "not_found",
    "complaint": "upheld",
    "dispute": "upheld",
    "privacy_request": "upheld",
}
"""How cases that a borrower waits for are closed."""


def hire(connection: Connection, now: datetime) -> int:
    person = {"email": "laura@jacaranda.example", "name": "Laura", "role": "agent", "password_hash": "-"}
    return int(
        connection.execute(insert(Agent).values(**person, created_at=now).returning(Agent.id)).scalar_one()
    )


def answer(services: Services, conversation: int, agent: int) -> bool:
    """Whether it could leave."""
    take(services, conversation, agent)
    try:
        reply(services, conversation, agent, WORDS)
    except CannotLeave:
        return False
    return True


def return_it(services: Services, conversation: int, agent: int) -> None:
    give_back(services, conversation, agent)


def close(services: Services, cases: Sequence[AnyRow], agent: int) -> list[str]:
    """The kinds of those that are closed now and whose borrower the bot informs."""
    waiting = [case for case in cases if case.done_at is None and case.kind in _ENDS]
    with write_tx(services.engine) as connection:
        for case in waiting:
            close_case(
                connection,
                case.id,
                _ENDS[case.kind],
                notified=False,
                now=services.clock.now(),
                actor=f"agent:{agent}",
            )
    return [case.kind for case in waiting]
