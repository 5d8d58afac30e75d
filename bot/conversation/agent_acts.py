"""What an agent does for a borrower: the same effects as in the bot's turn, in a turn of the agent's own."""

from collections.abc import Callable, Sequence

from sqlalchemy import exists, select

from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.conversation.turn import LostTurn, Refused, Turn, guard, wished
from bot.conversation.view import View
from bot.services import Services
from flows.types.effects import Effect
from models import LedgerEntry, conversation_table, read_tx, write_tx

TRIES = 5


class NotHeld(Exception):
    """The agent does not have the conversation."""


def act_as_agent(
    services: Services,
    conversation_id: int,
    agent_id: int,
    decide: Callable[[View], Sequence[Effect]],
    wish: str = "",
) -> None:
    """Applies what `decide` answers for what is known now, once for a `wish` sent again. Raises NotHeld,
    Refused, what `decide` raises.
    """
    for _ in range(TRIES):
        now = services.clock.now()
        with read_tx(services.engine) as connection:
            if wish and connection.scalar(select(exists().where(LedgerEntry.key == wished(wish)))):
                return
            view = views.view(connection, thread_rows.by_id(connection, conversation_id, now), services, now)
        effects = decide(view)
        try:
            with write_tx(services.engine) as connection:
                guard(connection, view, {})
                owner = select(conversation_table.c.agent_id).where(
                    conversation_table.c.id == conversation_id
                )
                if view.handler != "agent" or connection.scalar(owner) != agent_id:
                    raise NotHeld
                actor = f"agent:{agent_id}"
                turn = Turn(
                    connection, services, view, now, actor=actor, borrower=view.facts.borrower, wish=wish
                )
                apply_all(turn, effects)
                turn.finish()
        except Refused:
            raise
        except LostTurn:
            continue
        return
    raise LostTurn
