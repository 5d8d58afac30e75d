"""One write transaction of a turn: what its effects see and what they leave for the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

import structlog
from sqlalchemy import Connection, Update, bindparam, func, select, update

from bot.conversation.view import View
from bot.reach import page_is_open
from bot.services import Services
from flows import Step
from flows.types.facts import BorrowerFacts
from models import conversation_table, message_table
from models.contact_point import WEB
from models.ledger import NewEntry, append_many
from values import LoanId

log = structlog.get_logger(__name__)


class LostTurn(Exception):
    """Another turn wrote the conversation first; this one is taken again from the start."""


class Refused(LostTurn):
    """What the step wants cannot be done now: it is taken again, with the reason in its facts."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Turn:
    """Handed to each effect. Ledger entries and changes of the conversation's row are gathered and written
    once, at the end.
    """

    connection: Connection
    services: Services
    view: View
    now: datetime
    actor: str
    borrower: BorrowerFacts | None
    """Who is known to be writing; effects of this turn may have just confirmed it."""
    message_id: int | None = None
    """The borrower's message, where one caused the turn."""
    digits: str = ""
    """An account number out of that message, in memory only."""
    changes: dict[str, Any] = field(default_factory=dict)
    entries: dict[LoanId, list[NewEntry]] = field(default_factory=dict)
    event_id: int | None = None
    """What caused the turn, where no message did."""
    contact_point_id: int | None = None
    """Where that event is to be answered."""
    queued: list[int] = field(default_factory=list)
    """Ids of the messages that this turn queued."""
    language: str = ""
    """The one that this turn's answers are worded in."""
    urgent: bool = False
    """Whether this turn protects somebody: what it answers leaves at once."""
    at_end: list[Callable[[], None]] = field(default_factory=list)
    """What effects do once all of them were applied."""
    wish: str = ""
    """Of what may be sent again, because its answer was lost: what is recorded bears it."""

    @property
    def proof_ended(self) -> bool:
        """Whether this turn ends the proof of who is writing."""
        return self.changes.get("borrower_id", 0) is None

    @property
    def version(self) -> int:
        return self.view.version + 1

    @property
    def people(self) -> tuple[BorrowerFacts, ...]:
        """Whom a fact concerns: the one who is writing, or everyone at this address while that is not
        known.
        """
        return (self.borrower,) if self.borrower else self.view.facts.candidates

    @property
    def loans(self) -> list[LoanId]:
        """The open loans of those concerned; of who has none, the newest closed one: what is disputed may be
        the very charge that settled it.
        """
        found: list[LoanId] = []
        for person in self.people:
            closed = sorted(loan for loan, _ in person.closed_brands)
            found += [loan.id for loan in person.loans] or closed[-1:]
        return found

    @property
    def on_page(self) -> bool:
        """Whether the borrower is on their own page, and reads there what this turn says."""
        view = self.view
        return view.channel == WEB and (
            self.message_id is not None or page_is_open(view.channel, view.last_in_at, self.now)
        )

    @property
    def destination(self) -> dict[str, Any]:
        """Where this turn's messages go: to the address last written from, unless a contact point of another
        channel was chosen and is still in use. Two addresses of one channel here are one person's.
        """
        view = self.view
        chosen = next((point for point in view.points if point.id == self.contact_point_id), None)
        if view.channel == WEB and not self.on_page:
            known = [point for point in view.points if point.address == view.address]
            chosen = chosen or next(iter(known or view.points), None)
        if chosen is not None and chosen.channel != view.channel:
            where = {"channel": chosen.channel, "address": chosen.address, "sender": None}
            return {**where, "contact_point_id": chosen.id}
        here = next(
            (p for p in view.points if (p.channel, p.address) == (view.channel, view.address)), chosen
        )
        where = {"channel": view.channel, "address": view.address, "sender": view.sender}
        return {**where, "contact_point_id": here.id if here else None}

    def record(self, kind: str, data: Mapping[str, Any], loan_id: LoanId | None = None, **more: Any) -> None:
        """Gathers a ledger entry; without a loan, one for each of `loans`."""
        for loan in [loan_id] if loan_id is not None else self.loans:
            if self.wish:
                more["key"] = wished(self.wish, sum(map(len, self.entries.values())))
            self.entries.setdefault(loan, []).append(
                NewEntry(kind=kind, data=dict(data), actor=self.actor, **more)
            )

    def add(self, entry: NewEntry, loan_id: int) -> None:
        """Gathers an entry that the records made."""
        self.entries.setdefault(LoanId(loan_id), []).append(entry)

    def finish(self) -> None:
        """Writes what was gathered: loans are locked by id, after the conversation, always in this order.
        Raises LostTurn.
        """
        if self.entries:
            append_many(
                self.connection, {loan: self.entries[loan] for loan in sorted(self.entries)}, self.now
            )
        for write in self.at_end:
            write()
        if self.proof_ended:
            self.changes["somebody_else_since"] = self._caused_by()
        if self.changes and not _write(self.connection, self.view.id, self.version, self.changes):
            raise LostTurn

    def report(self, step: Step) -> None:
        """For the logs, once it is committed."""
        log.info(
            "turn taken",
            conversation=self.view.id,
            message=self.message_id,
            event_id=self.event_id,
            flow=step.flow,
            state=step.state,
            effects=[type(effect).__name__ for effect in step.effects],
            queued=self.queued,
        )

    def _caused_by(self) -> int:
        """The id of the message that caused this turn; without one, that of the next to come."""
        if self.message_id is not None:
            return self.message_id
        here = message_table.c.conversation_id == self.view.id
        newest: int | None = self.connection.scalar(select(func.max(message_table.c.id)).where(here))
        return (newest or 0) + 1


def wished(wish: str, place: int = 0) -> str:
    """The key of what is recorded for it, in its order."""
    return f"{wish}:{place}"


def step_columns(step: Step) -> dict[str, Any]:
    """The conversation's row after a step; the columns next to the state are there to be queried."""
    return {
        "state": step.conversation.to_json(),
        "flow": step.flow,
        "step": step.state,
        "expecting": step.expecting,
    }


def guard(connection: Connection, view: View, values: Mapping[str, Any]) -> None:
    """Writes the conversation's new state over the version that was read. Raises LostTurn."""
    if not _write(connection, view.id, view.version, {"version": view.version + 1, **values}):
        raise LostTurn


def _write(connection: Connection, conversation_id: int, version: int, values: Mapping[str, Any]) -> bool:
    """Whether the conversation still is at this version."""
    given = {f"new_{name}": value for name, value in values.items()}
    done = connection.execute(
        _writes(tuple(values)), {"conversation": conversation_id, "seen": version, **given}
    )
    return done.rowcount == 1


@lru_cache(maxsize=256)
def _writes(names: tuple[str, ...]) -> Update:
    """Made once: building a statement costs more than running it."""
    here = (conversation_table.c.id == bindparam("conversation")) & (
        conversation_table.c.version == bindparam("seen")
    )
    return update(conversation_table).where(here).values({name: bindparam(f"new_{name}") for name in names})
