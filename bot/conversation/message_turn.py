"""The turn that a message causes: looked up and understood without a lock, stepped, and written in one short
transaction. The turn of `docs/architecture.md`, to the letter.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select

import flows
from bot import drill
from bot.conversation import choices, identity_change, inbox, thread_rows
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.conversation.incoming import Incoming
from bot.conversation.left import ALREADY, LEFT, done_by
from bot.conversation.turn import LostTurn, Refused, Turn, guard, step_columns
from bot.conversation.understand import understand, with_taken
from bot.conversation.view import View
from bot.services import Services
from flows.acts.words.call_time import names_call_time
from flows.acts.words.no_person import NO_PERSON, withdraws
from flows.types.effects import ConfirmIdentity, KeepAccount
from flows.types.event import Message
from models import bank_account_table, mandate_table, write_tx
from models.base import words
from models.mandate import LIVE_STATES

TRIES = 5


@dataclass(frozen=True, slots=True)
class Received:
    outcome: Literal["stepped", "seen", "stored", "unprocessed"]
    """`stored`: a person has the conversation; what protects the borrower was done all the same."""
    message_id: int | None
    conversation_id: int


Store = Callable[[Connection, View, str, Mapping[str, Any]], int | None]
"""Keeps the message's masked text and its reading, in the turn's transaction: its id, or null when it was
kept before.
"""


def take_turn(
    connection: Connection, services: Services, incoming: Incoming, store: Store, *, actor: str | None = None
) -> Received:
    """Raises what any statement, flow or effect raises, and LostTurn where other turns kept winning; nothing
    is stored then.
    """
    view = _look_up(connection, services, incoming)
    for _ in range(TRIES):
        try:
            return _take(connection, services, incoming, view, store, actor)
        except LostTurn as lost:
            view = _look_up(connection, services, incoming)
            if isinstance(lost, Refused):
                view = replace(view, facts=replace(view.facts, refused=lost.reason))
    raise LostTurn


def _look_up(connection: Connection, services: Services, incoming: Incoming) -> View:
    """What there is to know; a sender whom nobody knows gets a conversation first."""
    now = services.clock.now()
    rows = thread_rows.find(connection, incoming.key, now)
    if not rows and incoming.alias:
        rows = thread_rows.find(connection, incoming.alias, now)
    if not rows:
        with write_tx(services.engine, connection):
            inbox.add_conversation(connection, incoming, now)
        return _look_up(connection, services, incoming)
    view = _addressed(views.view(connection, rows, services, now), incoming)
    if incoming.proved is not None:
        view = views.of_person(connection, view, services, incoming.proved)
    if incoming.unproved or identity_change.changed(view, incoming):
        view = identity_change.unproved(view)
    if choices.may_pick(incoming, view):
        view = replace(view, shown=choices.newest(connection, incoming, view))
    return view


def _addressed(view: View, incoming: Incoming) -> View:
    """Answers go to the address as it was just received."""
    received: dict[str, Any] = {
        "channel": incoming.channel,
        "address": incoming.address,
        "sender": incoming.sender,
    }
    moved = {name: value for name, value in received.items() if getattr(view, name) != value}
    if not moved:
        return view
    return replace(view, moved=moved, facts=replace(view.facts, channel=incoming.channel), **moved)


def _take(
    connection: Connection,
    services: Services,
    incoming: Incoming,
    view: View,
    store: Store,
    actor: str | None,
) -> Received:
    view, event, reading, digits = _read(connection, services, incoming, view)
    leaves = _leaves_queue(view, event)
    silent = view.handler != "bot" and not leaves
    event = _withdrawing(event) if leaves else event
    of_call = _is_of_call(view, event)
    event = replace(event.meaning("contact_preference"), entities={"channel": "call"}) if of_call else event
    step = flows.step(view.conversation, event, view.facts, silent=silent)
    done = of_call or any(isinstance(effect, ConfirmIdentity | KeepAccount) for effect in step.effects)
    if silent and not done:
        reading = reading | {LEFT: True, ALREADY: done_by(step)}
    with write_tx(services.engine, connection):
        message_id = store(connection, view, event.text, reading)
        if message_id is None:
            return Received("seen", None, view.id)
        received = {"last_in_at": view.facts.now, **view.moved}
        guard(connection, view, received if silent and not step.effects else received | step_columns(step))
        turn = Turn(
            connection,
            services,
            view,
            view.facts.now,
            actor=actor or f"borrower:{view.confirmed_id or 'unknown'}",
            borrower=view.facts.borrower,
            message_id=message_id,
            digits=digits,
            language=step.conversation.language,
        )
        if view.contacted_at is not None and (view.last_in_at is None or view.last_in_at < view.contacted_at):
            turn.record("contact.replied", {"message": message_id, "channel": incoming.channel})
        if identity_change.changed(view, incoming):
            identity_change.end_proof(turn)
        apply_all(turn, step.effects)
        identity_change.learn_address(turn, incoming)
        turn.finish()
        drill.passing("before_commit")
    drill.passing("after_commit")
    turn.report(step)
    return Received("stored" if silent else "stepped", message_id, view.id)


def _leaves_queue(view: View, event: Message) -> bool:
    """Whether a person was asked for and is not wanted any more, where nothing else waits for one."""
    asked = view.handler == "queue" and view.queue_reason == "asked"
    return asked and withdraws((event.rest or event).text)


def _is_of_call(view: View, event: Message) -> bool:
    """«Mañana a las 10», where a call of ours is waited for."""
    return view.handler != "bot" and view.queue_reason == "wants_call" and names_call_time(event.text)


def _withdrawing(event: Message) -> Message:
    """«Mejor ya no», as the act that it is while a person is waited for."""
    return replace(event.acting(NO_PERSON), rest=event.rest and event.rest.acting(NO_PERSON))


def _read(
    connection: Connection, services: Services, incoming: Incoming, view: View
) -> tuple[View, Message, dict[str, Any], str]:
    """The message understood: `(view, event, reading as kept, account digits)`. The view knows more people
    where an unknown sender gave a phone of ours.
    """
    event, reading, digits = understand(services, incoming, view)
    event = choices.with_choice(event, incoming, view.shown)
    unknown = not view.facts.registered_phone and not view.facts.candidates
    if unknown and (phone := event.entities.get("phone")):
        rows = thread_rows.by_id(connection, view.id, view.facts.now)
        view = _addressed(views.view(connection, rows, services, view.facts.now, str(phone)), incoming)
    if event.account and event.account.fingerprint:
        event = with_taken(event, taken=_taken(connection, event.account.fingerprint, view))
    return view, event, reading, digits


_TAKEN = (
    select(mandate_table.c.id)
    .select_from(
        mandate_table.join(bank_account_table, bank_account_table.c.id == mandate_table.c.bank_account_id)
    )
    .where(
        bank_account_table.c.fingerprint == bindparam("account"),
        bank_account_table.c.borrower_id.not_in(bindparam("mine", expanding=True)),
        mandate_table.c.status.in_(words(*LIVE_STATES)),
    )
    .limit(1)
)


def _taken(connection: Connection, fingerprint: str, view: View) -> bool:
    """Whether a live mandate of somebody else uses this account."""
    people = [view.facts.borrower] if view.facts.borrower else view.facts.candidates
    mine = [person.id for person in people]
    return connection.scalar(_TAKEN, {"account": fingerprint, "mine": mine}) is not None
