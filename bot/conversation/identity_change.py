"""WhatsApp's own id of a user (BSUID). Once it is another one on a phone that we know, the phone has another
owner: who is writing has to be proved again.
"""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import bindparam, update

from bot.conversation.incoming import Incoming
from bot.conversation.turn import Turn
from bot.conversation.view import View
from models import contact_point_table
from models.upsert import insert_new
from values import is_bsuid

ONCE = timedelta(days=1)
_END = (
    update(contact_point_table)
    .where(
        contact_point_table.c.conversation_id == bindparam("conversation"),
        contact_point_table.c.status == "confirmed",
    )
    .values(confirmed_at=None, status="unverified")
)
_REOPEN = (
    update(contact_point_table)
    .where(
        contact_point_table.c.borrower_id == bindparam("borrower"),
        contact_point_table.c.key == bindparam("alias"),
        contact_point_table.c.closed_reason == "identity_changed",
    )
    .values(status="confirmed", closed_reason=None, confirmed_at=bindparam("at"))
)
"""Whoever comes back and proves who they are is known by the earlier id again."""
_CLOSE = (
    update(contact_point_table)
    .where(contact_point_table.c.id == bindparam("point"))
    .values(status="closed", closed_reason="identity_changed")
)


def changed(view: View, incoming: Incoming) -> bool:
    """Whether this phone wrote under another WhatsApp id before."""
    known = [point.key for point in view.points if is_bsuid(point.key)]
    return (
        bool(known)
        and incoming.alias is not None
        and is_bsuid(incoming.alias)
        and incoming.alias not in known
    )


def unproved(view: View) -> View:
    """The same view, of somebody who has proved nothing."""
    return replace(view, facts=replace(view.facts, borrower=None))


def end_proof(turn: Turn) -> None:
    """Nobody is confirmed at this address any more, and nobody is reached under the earlier id."""
    turn.connection.execute(_END, {"conversation": turn.view.id})
    for point in turn.view.points:
        if is_bsuid(point.key):
            turn.connection.execute(_CLOSE, {"point": point.id})
    turn.changes["borrower_id"] = None
    turn.record(
        "contact_point.closed",
        {"channel": turn.view.channel, "reason": "identity_changed", "message": turn.message_id},
    )


def learn_address(turn: Turn, incoming: Incoming) -> None:
    """The address as received is where we answer; a second identity of the same person is kept for the day
    the first is not sent.
    """
    for point in turn.view.points:
        here = point.key == incoming.key and point.channel == incoming.channel
        if here and point.address != incoming.address:
            turn.connection.execute(
                update(contact_point_table)
                .where(contact_point_table.c.id == point.id)
                .values(address=incoming.address)
            )
    _keep_proof(turn, incoming)
    known = any(point.key == incoming.alias for point in turn.view.points)
    if incoming.alias and turn.borrower and not known:
        alias = {
            "borrower_id": turn.borrower.id,
            "conversation_id": turn.view.id,
            "channel": incoming.channel,
            "key": incoming.alias,
            "address": f"whatsapp:{incoming.alias}",
            "status": "confirmed",
            "confirmed_at": turn.now,
            "failures": 0,
            "created_at": turn.now,
        }
        learn = insert_new(turn.connection, contact_point_table, ("borrower_id", "channel", "key"))
        turn.connection.execute(learn, alias)
        once = {"borrower": turn.borrower.id, "alias": incoming.alias, "at": turn.now}
        turn.connection.execute(_REOPEN, once)


def _keep_proof(turn: Turn, incoming: Incoming) -> None:
    """A mandate's holder who keeps answering from the same address stays known there, so that their debits
    can be announced; noted once a day. Not on a phone that is shared.
    """
    view = turn.view
    holder = view.facts.borrower
    if holder is None or len(view.facts.candidates) > 1 or not any(loan.mandate for loan in holder.loans):
        return
    for point in view.points:
        here = point.key == incoming.key and point.channel == incoming.channel
        if here and point.proved_at is not None and turn.now - point.proved_at > ONCE:
            turn.connection.execute(
                update(contact_point_table)
                .where(contact_point_table.c.id == point.id, contact_point_table.c.confirmed_at.is_not(None))
                .values(answered_at=turn.now)
            )
