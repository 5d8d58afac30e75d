"""Say: a row in the outbox. The words are made at dispatch, from what is true then."""

from sqlalchemy import insert, literal_column

from bot.conversation.bursts import with_waiting
from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import Say
from models import message_table
from models.base import word
from models.upsert import add

_INSERT = insert(message_table).values(
    direction=word("out"),
    author=word("bot"),
    status=word("queued"),
    body=word(""),
    attempts=literal_column("0"),
)


@applies(Say)
def apply(turn: Turn, effect: Say) -> None:
    wording, leaves_at = with_waiting(turn, effect)
    row = {
        "conversation_id": turn.view.id,
        "borrower_id": turn.people[0].id if len(turn.people) == 1 else None,
        "loan_id": effect.loan_id,
        **turn.destination,
        "event_id": turn.event_id,
        "wording": wording,
        "purpose": effect.purpose,
        "not_before": leaves_at,
        "created_at": turn.now,
    }
    turn.queued.append(add(turn.connection, _INSERT, row))
