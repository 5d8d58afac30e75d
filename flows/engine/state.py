"""What a conversation is made of: a state is one small function that answers what to ask, or where to go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from flows.types.effects import Choice, Effect, Expecting
from flows.types.event import Event, Message
from flows.types.facts import BorrowerFacts, Facts, LoanFacts
from values import Money

Line = tuple[str, Mapping[str, Any]]


def line(key: str, /, **params: Any) -> Line:
    """A wording key and its params; words stand in `locales/` alone."""
    return key, params


@dataclass(frozen=True, slots=True)
class Context:
    """What a state sees."""

    facts: Facts
    slots: Mapping[str, Any]
    event: Event | None = None
    alone: bool = True
    """Whether no other flow waits below this one."""
    asked: bool = False
    """Whether this question stands already: what explains it has been said."""

    @property
    def message(self) -> Message | None:
        return self.event if isinstance(self.event, Message) else None

    @property
    def heard(self) -> Mapping[str, Any]:
        """Of the message that called for this flow: intent, kind, amount (centavos), date (ISO), time_window,
        channel.
        """
        return self.slots.get("heard") or {}

    @property
    def who(self) -> BorrowerFacts:
        """The confirmed borrower: a private flow is never entered without one."""
        assert self.facts.borrower is not None, "a private flow was entered without a confirmed borrower"
        return self.facts.borrower

    @property
    def loan(self) -> LoanFacts | None:
        """The loan that the flow is about, or else the most overdue."""
        loans = self.who.loans
        return next(
            (loan for loan in loans if loan.id == self.slots.get("loan_id")), loans[0] if loans else None
        )

    def money(self, slot: str) -> Money | None:
        centavos = self.slots.get(slot)
        return Money(centavos) if centavos is not None else None

    def day(self, slot: str) -> date | None:
        text = self.slots.get(slot)
        return date.fromisoformat(text) if text is not None else None


@dataclass(frozen=True, slots=True)
class Go:
    """To another state of this flow; `slots` are added to those that stand."""

    state: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()


@dataclass(frozen=True, slots=True)
class Reprompt:
    """The same question after a word on what is wrong with the answer; the second time in a row a person
    takes over.
    """

    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The flow has ended; the one below asks its question again. `clear` ends those below too, `ends` the one
    named, which has lost its point.
    """

    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    clear: bool = False
    ends: str | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """Another flow takes the place of this one, or is laid over it when `over`: afterwards this one goes
    on.
    """

    flow: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    over: bool = False


@dataclass(frozen=True, slots=True)
class HandOver:
    """To a person, after these words; from then on the bot is silent."""

    reason: str
    urgency: Literal[0, 1, 2, 3] = 0
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()


Move = Go | Reprompt | Done | Start | HandOver


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `read` answers where the message leads, or null when it is no answer to this question."""

    lines: tuple[Line, ...]
    expecting: Expecting
    read: Callable[[Context, Message], Move | None]
    choices: tuple[Choice, ...] = ()
    binds: bool = False
    """A yes to it binds: it expires, and nothing but its own table answers it."""
    lapse: tuple[Effect, ...] = ()
    """What is done, without words, when a question that binds expires."""
    menu: bool = False
    """An invitation, not a question: whatever the borrower wants next takes its place."""
    before: tuple[Line, ...] = ()
    """Words too long for the question's own message: sent in one before it."""
    alone: bool = False
    """Its message holds the question and nothing else: what there is to say besides goes in one before it."""


StateFunction = Callable[[Context], "Ask | Move"]


@dataclass(slots=True)
class Flow:
    """A conversation: its states by name, the first one being `start`. `private`: only for who proved to be
    the borrower.
    """

    name: str
    version: int = 1
    private: bool = True
    states: dict[str, StateFunction] = field(default_factory=dict)
    goes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mappings: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """For each earlier version that may still be in use: its states → states of this one."""

    def state(self, *goes: str) -> Callable[[StateFunction], StateFunction]:
        """Registers a state. `goes`: states of this flow, other flows as `@name`, `.` for the end, `!` for a
        person.
        """

        def register(function: StateFunction) -> StateFunction:
            self.states[function.__name__] = function
            self.goes[function.__name__] = goes
            return function

        return register


Catalogue = Mapping[str, Flow]
