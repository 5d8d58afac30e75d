"""What a conversation is made of: a state is one small function that answers what to ask, or where to go."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from flows.types.effects import Choice, Effect, Expecting, Purpose
from flows.types.event import Event, Message
from flows.types.wording import Line, Title


@dataclass(frozen=True, slots=True)
class BaseContext:
    """What a state sees. The conversations' own (`flows/context.py`) knows what the facts are about."""

    facts: Any
    slots: Mapping[str, Any]
    event: Event | None = None
    alone: bool = True
    """Whether no other flow waits below this one."""
    asked: bool = False
    """Whether this question stands already: what explains it has been sent."""

    @property
    def message(self) -> Message | None:
        return self.event if isinstance(self.event, Message) else None

    @property
    def request(self) -> Mapping[str, Any]:
        """Of the message that called for this flow: intent, act, kind, amount (centavos), date (ISO), …"""
        return self.slots.get("request") or {}


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
    answers: bool = False
    """Whether it answers what they ask of the question: that is no wrong answer."""


@dataclass(frozen=True, slots=True)
class Done:
    """The flow has ended; the one below asks its question again. `clear` ends those below too, `ends` those
    named, which have lost their point.
    """

    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    clear: bool = False
    ends: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Start:
    """Another flow takes the place of this one, or is put on top of it when `over`: afterwards this one goes
    on.
    """

    flow: str
    slots: Mapping[str, Any] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()
    over: bool = False
    alone: bool = False
    """Nothing else goes on: what waits below ends."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """To a person, after these words; from then on the bot is silent."""

    reason: str
    urgency: Literal[0, 1, 2, 3] = 0
    lines: tuple[Line, ...] = ()
    effects: tuple[Effect, ...] = ()


Move = Go | Reprompt | Done | Start | HandOver


def exit_of(move: Move) -> str | None:
    """The exit that a move takes, as states declare them."""
    match move:
        case Go():
            return move.state
        case Done():
            return "."
        case Start():
            return f"@{move.flow}"
        case HandOver():
            return "!"
        case Reprompt():
            return None


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `read` answers where the message leads, or null when it is no answer to this question."""

    lines: tuple[Line, ...]
    expecting: Expecting | None
    read: Callable[[Any, Message], Move | None]
    choices: tuple[Choice, ...] = ()
    binds: bool = False
    """A yes to it binds: it expires, and nothing but its own table answers it."""
    lapse: tuple[Effect, ...] = ()
    """What is done, without words, when a question that binds expires."""
    silently: tuple[Effect, ...] = ()
    """What its request calls for where nothing may be asked, since a person has the conversation."""
    menu: bool = False
    """An invitation, not a question: whatever the borrower wants next takes its place."""
    before: tuple[Line, ...] = ()
    """Words too long for the question's own message: sent in one before it."""
    alone: bool = False
    """Its message holds the question and nothing else: all else goes in one before it."""
    brief: tuple[Line, ...] = ()
    """The question in one short line, for when it is asked again after something else was answered."""
    open_text: bool = False
    """Any text may answer it: it reads nothing that came after another question was put over it."""
    retried: bool = False
    """Asked again after a word on the answer."""


StateFunction = Callable[[Any], "Ask | Move"]


@dataclass(slots=True, eq=False)
class Flow:
    """A conversation: its states by name, the first one being `start`, and all that leads to it."""

    name: str
    version: int = 1
    private: bool = True
    """Only for who proved to be the borrower."""
    intents: Mapping[str, Title | None] = field(default_factory=dict)
    """The readings that lead here, each with the button that a doubt shows for it; null: it shows none."""
    acts: tuple[str, ...] = ()
    """Acts on an object, as read in context (`flows/acts`), that lead here: `cancel.promise`."""
    payloads: tuple[str, ...] = ()
    """Buttons that lead here whenever they are pressed, even weeks later."""
    keeps: Mapping[str, str] = field(default_factory=dict)
    """Readings that, once a slot is given, do not begin it anew: what was given stays, and its question."""
    protects: bool = False
    """Evaluated before any question, also while a person has the conversation. It may not ask."""
    discreet: bool = False
    """Its buttons reveal nothing of a debt: they may be shown to anybody."""
    courtesy: bool = False
    """It means something only when nothing else was written."""
    news: Mapping[str, Purpose] = field(default_factory=dict)
    """The kinds of domain events that it reports, each with why: to confirm, because a law or contract says
    so (`notice`), or because we want it (`contact`).
    """
    states: dict[str, StateFunction] = field(default_factory=dict)
    goes: dict[str, tuple[str, ...]] = field(default_factory=dict)
    mappings: dict[int, Mapping[str, str]] = field(default_factory=dict)
    """For each earlier version that may still be in use: its states → states of this one."""

    @property
    def hands_over(self) -> bool:
        """Whether it ends with a person."""
        return any("!" in goes for goes in self.goes.values())

    def state(self, *goes: str) -> Callable[[StateFunction], StateFunction]:
        """Registers a state. `goes`, all of its exits: states of this flow, other flows as `@name`, `.` for
        the end, `!` for a person. A move that is not among them raises UndeclaredExit.
        """

        def register(function: StateFunction) -> StateFunction:
            self.states[function.__name__] = function
            self.goes[function.__name__] = goes
            return function

        return register


Catalogue = Mapping[str, Flow]
