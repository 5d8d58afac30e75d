"""A message in → one transaction → effects recorded. The turn of `docs/architecture.md`, to the letter."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import structlog
from sqlalchemy import Connection, bindparam, select, update
from sqlalchemy.exc import OperationalError

import flows
from bot import drill
from bot.conversation import accounts, choices
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.conversation.incoming import Incoming
from bot.conversation.turn import LostTurn, Refused, Turn, guard
from bot.conversation.understand import understand, with_taken
from bot.conversation.view import View
from bot.reach import NewTask, open_task
from bot.services import Services
from flows import Step
from models import (
    bank_account_table,
    contact_point_table,
    conversation_table,
    mandate_table,
    message_table,
    read_autocommit,
    write_tx,
)
from models.base import AnyRow, words
from models.mandate import LIVE_STATES
from models.upsert import add_new, insert_new

log = structlog.get_logger(__name__)

TRIES = 5


@dataclass(frozen=True, slots=True)
class Received:
    outcome: Literal["stepped", "seen", "stored", "unprocessed"]
    message_id: int | None
    conversation_id: int


def receive(services: Services, incoming: Incoming) -> Received:
    """Takes the turn that this message causes. What a database error raises is the caller's: nothing was
    stored then.
    """
    with read_autocommit(
        services.engine
    ) as connection:  # what is written is guarded by the version that this reads
        return _receive(connection, services, incoming)


def _receive(connection: Connection, services: Services, incoming: Incoming) -> Received:
    view = _look(connection, services, incoming)
    try:
        for _ in range(TRIES):
            try:
                return _take(connection, services, incoming, view)
            except LostTurn as lost:
                view = _look(connection, services, incoming)
                if isinstance(lost, Refused):
                    view = replace(view, facts=replace(view.facts, refused=lost.reason))
        error: Exception = LostTurn("other turns kept winning")
    except _Raised as raised:
        error = raised.cause
    return _keep_unprocessed(connection, services, incoming, view, error)


class _Raised(Exception):
    """The flow or an effect raised; the turn was rolled back."""

    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _look(connection: Connection, services: Services, incoming: Incoming) -> View:
    """What there is to know; a sender whom nobody knows gets a conversation first."""
    now = services.clock.now()
    rows = views.find(connection, incoming.key, now) or (
        views.find(connection, incoming.alias, now) if incoming.alias else []
    )
    if rows:
        view = views.view(connection, rows, services, now)
        return _heard_from(
            view, incoming, choices.newest(connection, view.id) if choices.may_pick(incoming, view) else None
        )
    with write_tx(services.engine, connection):
        connection.execute(
            insert_new(connection, conversation_table, ("key",)),
            {
                "key": incoming.key,
                "channel": incoming.channel,
                "address": incoming.address,
                "state": {},
                "version": 0,
                "handler": "bot",
                "urgency": 0,
                "created_at": now,
            },
        )
    return _look(connection, services, incoming)


def _take(connection: Connection, services: Services, incoming: Incoming, view: View) -> Received:
    now = view.facts.now
    silent = view.handler != "bot"
    try:
        event, kept, digits = understand(services, incoming, view)
        event = choices.with_choice(event, incoming, view.shown)
        if (
            not view.facts.registered_phone
            and not view.facts.candidates
            and (phone := event.entities.get("phone"))
        ):
            rows = views.by_id(connection, view.id, now)
            view = _heard_from(views.view(connection, rows, services, now, str(phone)), incoming)
        if event.account and event.account.fingerprint:
            event = with_taken(event, taken=_taken(connection, event.account.fingerprint, view))
        taken_step = None if silent else flows.step(view.conversation, event, view.facts)
    except LostTurn:
        raise
    except Exception as error:
        raise _Raised(error) from error
    with write_tx(services.engine, connection):
        message_id = _store(connection, incoming, view, now, event.text, kept)
        if message_id is None:
            return Received("seen", None, view.id)
        guard(connection, view, {"last_in_at": now, **view.moved, **standing(taken_step)})
        turn = Turn(
            connection,
            services,
            view,
            now,
            actor=f"borrower:{view.confirmed_id or 'unknown'}",
            borrower=view.facts.borrower,
            message_id=message_id,
            digits=digits,
        )
        if view.contacted_at is not None and (view.last_in_at is None or view.last_in_at < view.contacted_at):
            turn.record("contact.replied", {"message": message_id, "channel": incoming.channel})
        if taken_step is not None:
            apply_step(turn, taken_step)
        _learn_address(turn, incoming)
        turn.finish()
        drill.passing("before_commit")
    drill.passing("after_commit")
    return Received("stored" if silent else "stepped", message_id, view.id)


def _heard_from(view: View, incoming: Incoming, shown: AnyRow | None = None) -> View:
    """Answers go to the address as it was just received."""
    received: dict[str, Any] = {
        "channel": incoming.channel,
        "address": incoming.address,
        "sender": incoming.sender,
    }
    moved = {name: value for name, value in received.items() if getattr(view, name) != value}
    return replace(view, shown=shown, moved=moved, **moved) if moved or shown else view


def apply_step(turn: Turn, taken: Step) -> None:
    """A database error is the caller's to see and repeat; anything else that an effect raises makes the turn
    unprocessed.
    """
    try:
        apply_all(turn, taken.effects)
    except (LostTurn, OperationalError):
        raise
    except Exception as error:
        raise _Raised(error) from error


def standing(taken: Step | None) -> dict[str, Any]:
    """The conversation's row after a step; the columns beside the state are there to be queried."""
    if taken is None:
        return {}
    return {
        "state": taken.conversation.to_json(),
        "flow": taken.flow,
        "step": taken.state,
        "expecting": taken.expecting,
    }


def _store(
    connection: Connection, incoming: Incoming, view: View, now: Any, body: str, kept: Mapping[str, Any]
) -> int | None:
    """The message's id, or null when it was seen before: unique `(account, MessageSid)`."""
    row = _row(incoming, view.id, view.confirmed_id, now) | {
        "status": "received",
        "body": body,
        "understood": dict(kept),
    }
    return add_new(connection, message_table, ("account_sid", "provider_sid"), row)


def _row(incoming: Incoming, conversation_id: int, borrower_id: int | None, now: Any) -> dict[str, Any]:
    rare = {"media": [dict(m) for m in incoming.media], "extra": dict(incoming.extra)}
    return {name: value for name, value in rare.items() if value} | {
        "conversation_id": conversation_id,
        "borrower_id": borrower_id,
        "direction": "in",
        "author": "borrower",
        "channel": incoming.channel,
        "address": incoming.address,
        "sender": incoming.sender,
        "account_sid": incoming.account_sid,
        "provider_sid": incoming.provider_sid,
        "attempts": 0,
        "created_at": now,
    }


def _learn_address(turn: Turn, incoming: Incoming) -> None:
    """The address as received is where we answer; a second identity of the same person is kept for the day
    the first is not sent.
    """
    for point in turn.view.points:
        if (
            point.key == incoming.key
            and point.channel == incoming.channel
            and point.address != incoming.address
        ):
            turn.connection.execute(
                update(contact_point_table)
                .where(contact_point_table.c.id == point.id)
                .values(address=incoming.address)
            )
    if (
        incoming.alias
        and turn.borrower
        and not any(point.key == incoming.alias for point in turn.view.points)
    ):
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
        turn.connection.execute(
            insert_new(turn.connection, contact_point_table, ("borrower_id", "channel", "key")), alias
        )


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
    mine = (
        [view.facts.borrower.id] if view.facts.borrower else [person.id for person in view.facts.candidates]
    )
    return connection.scalar(_TAKEN, {"account": fingerprint, "mine": mine}) is not None


def _keep_unprocessed(
    connection: Connection, services: Services, incoming: Incoming, view: View, error: Exception
) -> Received:
    """A turn that raises loses nothing: the message is kept, a person is told, and a sweep tries once
    more.
    """
    now = services.clock.now()
    log.error(
        "turn raised",
        conversation=view.id,
        sid=incoming.provider_sid,
        error=type(error).__name__,
        at=_where(error),
    )
    with write_tx(services.engine, connection):
        row = _row(incoming, view.id, view.confirmed_id, now) | {
            "status": "unprocessed",
            "body": accounts.mask(incoming.text, short_too=view.expecting == "clabe"),
            "error": type(error).__name__,
        }
        if (message_id := add_new(connection, message_table, ("account_sid", "provider_sid"), row)) is None:
            return Received("seen", None, view.id)
        open_task(
            connection,
            NewTask(
                "unprocessed",
                now,
                key=f"unprocessed:{message_id}",
                conversation_id=view.id,
                message_id=message_id,
                data={"error": type(error).__name__},
            ),
        )
        connection.execute(
            update(conversation_table).where(conversation_table.c.id == view.id).values(last_in_at=now)
        )
    return Received("unprocessed", message_id, view.id)


def _where(error: Exception) -> str:
    """File and line, without the values that a traceback's text may show."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
