"""A note of an agent's for whoever comes next: beside the thread, never sent, and no part of the ledger."""

from sqlalchemy import insert

from bot.conversation import accounts
from bot.services import Services
from models import task_table, write_tx

MOST_CHARACTERS = 1000


def note(
    services: Services, conversation_id: int, agent_id: int, text: str, *, follow_up: bool = False
) -> None:
    """Keeps it, account numbers masked; a `follow_up` stays among the open tasks until somebody did it."""
    now = services.clock.now()
    row = {
        "kind": "follow_up" if follow_up else "note",
        "conversation_id": conversation_id,
        "created_at": now,
        "data": {"text": accounts.mask(text)[:MOST_CHARACTERS], "agent": agent_id},
        "done_at": None if follow_up else now,
        "done_by": None if follow_up else f"agent:{agent_id}",
    }
    with write_tx(services.engine) as connection:
        connection.execute(insert(task_table), row)
