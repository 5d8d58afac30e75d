"""ConfirmIdentity: this person proved who they are, at this address."""

from sqlalchemy import bindparam, func, insert, update

from bot.conversation.effects.registry import applies
from bot.conversation.turn import Turn
from flows.types.effects import ConfirmIdentity
from models import contact_point_table
from values import address_key

_INSERT = insert(contact_point_table)
_CONFIRM = (
    update(contact_point_table)
    .where(
        contact_point_table.c.borrower_id == bindparam("borrower"),
        contact_point_table.c.conversation_id == bindparam("conversation"),
        func.coalesce(contact_point_table.c.closed_reason, "") != "identity_changed",
    )
    .values(confirmed_at=bindparam("at"), status="confirmed", closed_reason=None)
)


@applies(ConfirmIdentity)
def apply(turn: Turn, effect: ConfirmIdentity) -> None:
    turn.borrower = next(person for person in turn.view.facts.candidates if person.id == effect.borrower_id)
    turn.changes["borrower_id"] = effect.borrower_id
    here = {"borrower": effect.borrower_id, "conversation": turn.view.id, "at": turn.now}
    if turn.connection.execute(_CONFIRM, here).rowcount == 0:
        turn.connection.execute(_INSERT, _new_point(turn, effect))
    turn.record("identity.confirmed", {"factor": effect.factor, "message": turn.message_id})


def _new_point(turn: Turn, effect: ConfirmIdentity) -> dict[str, object]:
    """An address that the tape did not know: they reached us from it and proved to be who they say."""
    return {
        "borrower_id": effect.borrower_id,
        "conversation_id": turn.view.id,
        "channel": turn.view.channel,
        "key": address_key(turn.view.address),
        "address": turn.view.address,
        "status": "confirmed",
        "confirmed_at": turn.now,
        "failures": 0,
        "created_at": turn.now,
    }
