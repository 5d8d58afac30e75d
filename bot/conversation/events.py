"""What happens to a conversation without a message: an outreach, a release, a timer, a fact from the ledger
or the provider.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, Connection, Select, bindparam, exists, or_, select, update

import flows
from bot.conversation import thread_rows
from bot.conversation import view as views
from bot.conversation.effects import apply_all
from bot.conversation.left import read_again, step_again
from bot.conversation.message_turn import TRIES
from bot.conversation.turn import LostTurn, Turn, guard, step_columns
from bot.reach import NewTask, open_task
from bot.services import Services
from flows.types.event import DomainEvent, Outreach, Released, TimerFired
from flows.types.event import Event as Happening
from models import (
    event_table,
    ledger_entry_table,
    message_table,
    plan_table,
    posting_table,
    read_autocommit,
    read_tx,
    timer_table,
    write_tx,
)
from models.base import AnyRow, word, words
from models.trace import traced
from values import LoanId, Money

log = structlog.get_logger(__name__)

_AMOUNTS = frozenset({"amount", "paid", "outstanding", "promised", "noticed"})
_DAYS = frozenset({"was", "date", "due_date", "charge_on", "retry_on", "settles_on"})
GIVE_UP_AFTER = 5
PROMISED = ("dispute.resolved", "complaint.resolved", "privacy.resolved", "payment.not_found")
"""The borrower expects these: they wait until the bot has the conversation again."""
_WAIT = timedelta(minutes=15)
_PLANNED_AGAIN = ("flow", "unasked_at", "instead_of")
_AGREED = (
    "promise.made",
    "promise.cancelled",
    "plan.agreed",
    "plan.cancelled",
    "settlement.agreed",
    "extension.granted",
)
_EVENTS = (
    select(event_table)
    .where(event_table.c.done_at.is_(None), event_table.c.not_before <= bindparam("now"))
    .order_by(event_table.c.not_before, event_table.c.id)
    .limit(bindparam("most"))
)
_TIMERS = (
    select(timer_table)
    .where(timer_table.c.fired_at.is_(None), timer_table.c.due_at <= bindparam("now"))
    .order_by(timer_table.c.due_at)
    .limit(bindparam("most"))
)
"""Both are asked five times a second by each worker."""


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    """Amounts as Money and days as date, by their names; the rest as it is."""
    typed: dict[str, Any] = {}
    for name, value in data.items():
        if name in _AMOUNTS and isinstance(value, int):
            typed[name] = Money(value)
        elif name in _DAYS and isinstance(value, str):
            typed[name] = date.fromisoformat(value)
        else:
            typed[name] = value
    return typed


def _event(kind: str, loan_id: int | None, data: Mapping[str, Any]) -> Happening:
    loan = LoanId(loan_id) if loan_id is not None else None
    rest = {name: value for name, value in data.items() if name not in _PLANNED_AGAIN}
    if kind == "outreach":
        return Outreach(str(data["flow"]), loan, _values(rest), data.get("unasked_at"))
    if kind == "released":
        return Released()
    if loan is None:
        message = f"the event {kind} names no loan"
        raise ValueError(message)
    return DomainEvent(kind, loan, _values(rest))


def take_events(services: Services, batch: int = 50) -> int:
    """Takes the turns of events that are due, oldest first; how many. Any number of workers may do so at
    once.
    """
    rows = _due(services, _EVENTS, batch)
    for row in rows:
        _guarded(services, row)
    return len(rows)


def fire_timers(services: Services, batch: int = 50) -> int:
    """Fires the timers that are due; the engine ignores those whose wait is over."""
    rows = _due(services, _TIMERS, batch)
    for row in rows:

        def claim(c: Connection, at: datetime, timer_id: int = row.id) -> bool:
            return (
                c.execute(
                    update(timer_table)
                    .where(timer_table.c.id == timer_id, timer_table.c.fired_at.is_(None))
                    .values(fired_at=at)
                ).rowcount
                == 1
            )

        fired, actor = TimerFired(row.name, row.wait_id), f"system:timer:{row.name}"
        with traced(None):
            take(services, row.conversation_id, fired, claim, actor=actor)
    return len(rows)


def _due(services: Services, query: Select[*tuple[Any, ...]], most: int) -> Sequence[AnyRow]:
    with read_autocommit(services.engine) as connection:
        return connection.execute(query, {"now": services.clock.now(), "most": most}).all()


def _guarded(services: Services, row: AnyRow) -> None:
    """An event whose turn raises is tried again later, and after that shown to a person: never lost, never in
    the way of others.
    """

    def claim(c: Connection, at: datetime) -> bool:
        mine = (event_table.c.id == row.id) & event_table.c.done_at.is_(None)
        return c.execute(update(event_table).where(mine).values(done_at=at)).rowcount == 1

    try:
        event = _event(row.kind, row.loan_id, row.data)
        with traced(row.trace):
            take(services, row.conversation_id, event, claim, actor="system:event", cause=row)
    except Exception as error:
        log.exception("event raised", event_id=row.id, conversation=row.conversation_id)
        _put_off(services, row.id, row.conversation_id, error)


def _put_off(services: Services, event_id: int, conversation_id: int, error: Exception) -> None:
    now = services.clock.now()
    with write_tx(services.engine) as connection:
        attempts = connection.scalar(select(event_table.c.attempts).where(event_table.c.id == event_id)) or 0
        values: dict[str, Any] = {
            "attempts": attempts + 1,
            "error": type(error).__name__,
            "not_before": now + timedelta(minutes=2**attempts),
        }
        if attempts + 1 >= GIVE_UP_AFTER:
            values["done_at"] = now
            open_task(
                connection,
                NewTask(
                    "event",
                    now,
                    key=f"event:{event_id}",
                    conversation_id=conversation_id,
                    data={"event": event_id, "error": type(error).__name__},
                ),
            )
        connection.execute(update(event_table).where(event_table.c.id == event_id).values(**values))


def _later(services: Services, event_id: int, now: datetime) -> None:
    mine = (event_table.c.id == event_id) & event_table.c.done_at.is_(None)
    with write_tx(services.engine) as connection:
        connection.execute(update(event_table).where(mine).values(not_before=now + _WAIT))


def _overtaken(connection: Connection, row: AnyRow, now: datetime) -> bool:
    """Whether news that could not leave when it was worded is none any more: since then money of the loan
    moved (of a plan that ended: and restored it), or something else was agreed. What reminds of a debt is
    worded by what is owed now.
    """
    if row.kind == "outreach" or "instead_of" not in row.data:
        return False
    entry = ledger_entry_table.c
    worded_at = select(message_table.c.created_at).where(message_table.c.id == row.data["instead_of"])
    moved: ColumnElement[bool] = exists().where(posting_table.c.entry_id == entry.id)
    if row.kind == "plan.broken":
        moved &= exists().where(plan_table.c.id == row.data["plan"], plan_table.c.status != word("broken"))
    since = select(entry.id).where(
        entry.loan_id == row.loan_id,
        entry.at > worded_at.scalar_subquery(),
        entry.at < now + timedelta(minutes=1),  # where the clock was set back, its future overtakes nothing
        or_(moved, entry.kind.in_(words(*_AGREED))),
    )
    return connection.execute(since.limit(1)).first() is not None


def take(
    services: Services,
    conversation_id: int,
    event: Happening,
    claim: Callable[[Connection, datetime], bool],
    *,
    actor: str,
    cause: AnyRow | None = None,
) -> None:
    """One turn for `event`, whose row is `cause`; `claim` says, in the turn's own transaction, whether it is
    still ours to take. A release answers what was left unanswered. Raises what the turn raises.
    """
    for _ in range(TRIES):
        now = services.clock.now()
        with read_tx(services.engine) as connection:
            rows = thread_rows.by_id(connection, conversation_id, now)
            view = views.view(connection, rows, services, now)
            left = None
            if isinstance(event, Released):
                view, left = read_again(connection, services, view)
            overtaken = cause is not None and _overtaken(connection, cause, now)
        if view.handler != "bot" and cause is not None and cause.kind in PROMISED:
            _later(services, cause.id, now)
            return
        taken = None
        if view.handler == "bot" and not overtaken:
            taken = step_again(view, left) if left else flows.step(view.conversation, event, view.facts)
        try:
            with write_tx(services.engine) as connection:
                if not claim(connection, now) or taken is None:
                    return
                guard(connection, view, step_columns(taken))
                by = f"borrower:{view.confirmed_id or 'unknown'}" if left else actor
                turn = Turn(connection, services, view, now, actor=by, borrower=view.facts.borrower)
                turn.language = taken.conversation.language
                if cause is not None:
                    turn.event_id, turn.contact_point_id = cause.id, cause.contact_point_id
                apply_all(turn, taken.effects)
                turn.finish()
        except LostTurn:
            continue
        turn.report(taken)
        return
    raise LostTurn
