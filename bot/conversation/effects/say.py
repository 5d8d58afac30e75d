"""Say: a row in the outbox, whose words are made at dispatch, from what is true then. On the borrower's own
page nothing has to leave: the answer stands there with the turn.
"""

from sqlalchemy import insert, literal_column

from bot.conversation.bursts import with_waiting
from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from bot.wording import DEFAULT, encode, shown_at_once
from flows.types.effects import Say
from models import message_table
from models.base import word
from models.contact_point import WEB
from models.upsert import add

_INSERT = insert(message_table).values(
    direction=word("out"),
    author=word("bot"),
    attempts=literal_column("0"),
)
_QUEUED = _INSERT.values(status=word("queued"), body=word(""))


@applies(Say)
def apply(turn: Turn, effect: Say) -> None:
    where = turn.destination
    row = {
        "conversation_id": turn.view.id,
        "borrower_id": turn.people[0].id if len(turn.people) == 1 else None,
        "loan_id": effect.loan_id,
        **where,
        "event_id": turn.event_id,
        "purpose": effect.purpose,
        "created_at": turn.now,
    }
    row = {name: value for name, value in row.items() if value is not None}
    if where["channel"] == WEB:
        row["wording"] = encode(effect)
        row |= shown_at_once(turn.services.wording, row, turn.now, _language(turn))
        turn.queued.append(add(turn.connection, _INSERT, row))
        return
    row["wording"], row["not_before"] = with_waiting(turn, effect)
    turn.queued.append(add(turn.connection, _QUEUED, row))


def _language(turn: Turn) -> str:
    """Of who reads it, where the message itself is in none."""
    return turn.people[0].language if len(turn.people) == 1 else DEFAULT
