"""An agent's note for whoever comes next: shown with the thread, never sent, no part of the ledger."""

from bot.conversation import accounts
from bot.handoff.once import once
from bot.reach import NewTask, open_task
from bot.services import Services
from models import write_tx

MOST_CHARACTERS = 1000


class NoteTooLong(ValueError):
    def __init__(self) -> None:
        super().__init__(f"a note has at most {MOST_CHARACTERS} characters")


def note(
    services: Services,
    conversation_id: int,
    agent_id: int,
    text: str,
    *,
    follow_up: bool = False,
    key: str | None = None,
) -> None:
    """Keeps it, account numbers masked; a `follow_up` stays among the open tasks until somebody did it. The
    same text with the same `key` is kept once. Raises NoteTooLong.
    """
    if len(text) > MOST_CHARACTERS:
        raise NoteTooLong
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        open_task(
            connection,
            NewTask(
                "follow_up" if follow_up else "note",
                now,
                key=f"note:{once(conversation_id, agent_id, key, text)}" if key else None,
                conversation_id=conversation_id,
                data={"text": accounts.mask(text)[:MOST_CHARACTERS], "agent": agent_id},
                done_by=None if follow_up else f"agent:{agent_id}",
            ),
        )
