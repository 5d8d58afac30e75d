"""The step: a conversation, an event and the facts in; a conversation and effects out. Pure, and the same for
all that happens.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol

from flows.engine.conversation import Conversation, Frame
from flows.engine.state import Ask, Catalogue, Context, Done, Flow, Go, HandOver, Line, Move, Reprompt, Start
from flows.types.effects import (
    ConfirmIdentity,
    Effect,
    Expecting,
    HandOff,
    Purpose,
    RaiseUrgency,
    Say,
    StartTimer,
)
from flows.types.event import DomainEvent, Event, Message, Outreach, Released, TimerFired
from flows.types.facts import Facts
from values import LoanId

LIVE = timedelta(hours=6)
"""A question this fresh is being talked about: outreach does not break in."""
MOVES_IN_A_STEP = 24


class EndlessStep(AssertionError):
    """States that send a conversation around without ever asking."""


class Routing(Protocol):
    """The closed list of what is heard in every state (`flows/routing.py`); flows by name."""

    IDENTIFY: str
    IDLE: str

    def safety(self, message: Message, facts: Facts, /) -> list[str]: ...
    def digression(self, message: Message, /) -> str | None: ...
    def bare(self, message: Message, /) -> str | None: ...
    def news_flow(self, event: DomainEvent, /) -> str | None: ...
    def purpose(self, event: DomainEvent, /) -> Purpose: ...
    def unclear(self, message: Message, /) -> dict[str, Any] | None: ...
    def rephrase(self, ask: Ask, /) -> Ask: ...
    def give_up(self) -> HandOver: ...
    def expired(self) -> Line: ...


@dataclass(frozen=True, slots=True)
class Step:
    conversation: Conversation
    effects: tuple[Effect, ...]
    flow: str | None
    state: str | None
    expecting: Expecting | None


@dataclass(slots=True)
class _Stepping:
    """One step under way: the stack as it moves, and what it has gathered to say and do."""

    stack: list[Frame]
    wait_id: int
    facts: Facts
    event: Event
    catalogue: Catalogue
    routing: Routing
    purpose: Purpose = "reply"
    loan_id: LoanId | None = None
    tone: Any = "kind"
    lines: list[Line] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ask: Ask | None = None
    over: bool = False
    """A person has it from here on."""

    def push(self, name: str, **slots: Any) -> None:
        flow = self.catalogue[name]
        self.stack.append(Frame(name, flow.version, next(iter(flow.states)), slots))

    def top(self) -> tuple[Frame, Flow]:
        """The top frame, in its flow's present version."""
        frame = self.stack[-1]
        flow = self.catalogue[frame.flow]
        if frame.version != flow.version:
            frame = self.stack[-1] = replace(
                frame, version=flow.version, state=flow.mappings[frame.version][frame.state]
            )
        return frame, flow

    def evaluate(self) -> "Ask | Move":
        """What the top state says now."""
        frame, flow = self.top()
        return flow.states[frame.state](
            Context(self.facts, frame.slots, self.event, len(self.stack) == 1, frame.asked_at is not None)
        )

    def run(self) -> None:
        """Runs states until one asks, or none is left, or a person takes over."""
        for _ in range(MOVES_IN_A_STEP):
            if self.over or not self.stack:
                return
            if self.gated():
                self.identify()
            elif isinstance(found := self.evaluate(), Ask):
                self.wait(found)
                return
            else:
                self.move(found)
        raise EndlessStep(self.stack[-1].flow)

    def identify(self) -> None:
        """Asks who is writing, from where that was already asked."""
        asked = [frame for frame in self.stack if frame.flow == self.routing.IDENTIFY]
        self.stack = [frame for frame in self.stack if frame.flow != self.routing.IDENTIFY] + asked[-1:]
        if not asked:
            self.push(self.routing.IDENTIFY)

    def wait(self, ask: Ask, attempts: int = 0) -> None:
        self.ask = ask
        self.wait_id += 1
        self.stack[-1] = replace(
            self.stack[-1], asked_at=self.facts.now.isoformat(timespec="seconds"), attempts=attempts
        )
        if ask.binds:
            self.effects.append(
                StartTimer("lapse", self.wait_id, self.facts.now + self.facts.policy.question_expires)
            )

    def move(self, move: Move) -> None:
        """Applies a move of the top frame."""
        frame, flow = self.top()
        self.lines += move.lines
        if isinstance(move, Reprompt):
            return
        self.effects += move.effects
        self.recognise(move.effects)
        match move:
            case Go():
                assert move.state in flow.goes[frame.state], (
                    f"{frame.flow}.{frame.state} goes to {move.state} unannounced"
                )
                self.stack[-1] = replace(
                    frame, state=move.state, slots={**frame.slots, **move.slots}, attempts=0, asked_at=None
                )
            case Done():
                self.stack.pop()
                self.stack = [] if move.clear else [below for below in self.stack if below.flow != move.ends]
            case Start():
                if not move.over:
                    self.stack.pop()
                self.push(move.flow, **move.slots)
            case HandOver():
                self.effects.append(HandOff(move.reason, move.urgency))
                self.over = True
                if frame.asked_at is None:  # a state that only hands over is not come back to
                    self.stack.pop()

    def recognise(self, effects: tuple[Effect, ...]) -> None:
        """Once identity is confirmed the facts know, in this very step, who is writing."""
        for effect in effects:
            if isinstance(effect, ConfirmIdentity):
                self.facts = replace(
                    self.facts, borrower=next(p for p in self.facts.candidates if p.id == effect.borrower_id)
                )

    def on_message(self, message: Message) -> None:
        """Safety first, then the pending question, then doubt, then the closed list of digressions, then
        routing.
        """
        acts = self.routing.safety(message, self.facts)
        for name in acts:
            self.push(name)
            found = self.evaluate()
            assert not isinstance(found, Ask), f"{name} is heard in every state and may not ask"
            self.move(found)
        pending = self.evaluate() if self.stack and not acts and not self.gated() else None
        if acts or (isinstance(pending, Ask) and self.answer(pending, message)):
            self.run()
        elif self.ask is None and not self.over:
            self.digress(pending, message)

    def on_message_silently(self, message: Message) -> None:
        """A person has the conversation: what protects somebody is done without a word, the rest is
        theirs.
        """
        for name in self.routing.safety(message, self.facts):
            self.push(name)
            found = self.evaluate()
            assert not isinstance(found, Ask), f"{name} is heard in every state and may not ask"
            self.move(found)
            if isinstance(found, HandOver):
                self.effects.append(RaiseUrgency(found.reason, found.urgency))
            else:
                self.effects.append(RaiseUrgency(name, 1))
        self.effects = [effect for effect in self.effects if not isinstance(effect, HandOff | Say)]
        self.lines.clear()
        self.over = True

    def gated(self) -> bool:
        """Whether the top flow is private and who is writing is no longer known: too long ago."""
        return self.top()[1].private and self.facts.borrower is None

    def answer(self, ask: Ask, message: Message) -> bool:
        """Whether the message answers the pending question and the frame has moved on."""
        frame, _ = self.top()
        late = (
            frame.asked_at is not None
            and self.facts.now - datetime.fromisoformat(frame.asked_at) > self.facts.policy.question_expires
        )
        move = ask.read(Context(self.facts, frame.slots, message, alone=len(self.stack) == 1), message)
        binding = (
            message.payload
            or message.intent == "affirm"
            or (move is not None and not isinstance(move, Reprompt) and move.effects)
        )
        if ask.binds and (late or message.stale) and binding:
            self.lines.append(self.routing.expired())
            self.wait(ask)
            return False
        if isinstance(move, Reprompt):
            self.retry(ask, move)
        elif move is not None:
            self.move(move)
        return move is not None and not isinstance(move, Reprompt)

    def retry(self, ask: Ask, again: Reprompt) -> None:
        """Says what is wrong with the answer; the second time in a row a person takes over."""
        attempts = self.stack[-1].attempts
        if attempts >= 2:
            self.move(self.routing.give_up())
            return
        self.wait(replace(ask, lines=again.lines or ask.lines, before=()), attempts + 1)

    def digress(self, pending: "Ask | Move | None", message: Message) -> None:
        if message.payload is None and not message.certain and (slots := self.routing.unclear(message)):
            self.interrupt("unclear", pending, message, **slots)
        elif name := self.routing.digression(message) or (
            self.routing.bare(message) if not isinstance(pending, Ask) or pending.menu else None
        ):
            self.interrupt(name, pending, message)
        elif (
            isinstance(pending, Ask) and message.payload is not None
        ):  # a button of a question that has passed
            self.lines.append(self.routing.expired())
        elif isinstance(pending, Ask):
            if self.stack[-1].attempts:
                self.move(self.routing.give_up())
            else:
                self.wait(self.routing.rephrase(pending), attempts=1)
            return
        else:
            self.push(self.routing.IDLE)
        self.run()

    def interrupt(self, name: str, pending: "Ask | Move | None", message: Message, **slots: Any) -> None:
        """A digression over the pending question; one that asks for the flow already under way begins it
        anew, and a menu gives way.
        """
        top = self.stack[-1] if self.stack else None
        same = top is not None and top.flow == name
        if same and not isinstance(pending, Ask):
            return
        about = {}
        if (
            top and top.flow == self.routing.IDENTIFY and self.catalogue[name].private
        ):  # the last wish waits until it is known who is writing
            self.stack = [frame for frame in self.stack if frame.asked_at]
        elif top and isinstance(pending, Ask) and (pending.menu or same):
            about = {"loan_id": top.slots["loan_id"]} if "loan_id" in top.slots else {}
            self.stack.pop()
        self.push(name, **about, **slots, heard=message.gist)

    def on_outreach(self, event: Outreach) -> None:
        frame = self.stack[-1] if self.stack else None
        fresh = frame and frame.asked_at and self.facts.now - datetime.fromisoformat(frame.asked_at) < LIVE
        if frame and fresh and self.facts.borrower and frame.flow != event.flow:
            return
        self.stack.clear()
        self.purpose, self.loan_id, self.tone = "contact", event.loan_id, event.data.get("tone", "kind")
        self.push(
            event.flow,
            **{
                name: value
                for name, value in {**event.data, "loan_id": event.loan_id}.items()
                if value is not None
            },
        )
        self.run()

    def on_domain_event(self, event: DomainEvent) -> None:
        """A fact from elsewhere: told to the one it concerns, without touching the pending question."""
        if (name := self.routing.news_flow(event)) is None or self.facts.borrower is None:
            return
        self.purpose, self.loan_id = self.routing.purpose(event), event.loan_id
        below, self.stack = self.stack, []
        self.push(name, loan_id=event.loan_id)
        self.run()
        self.stack = [*below, *self.stack]

    def on_timer(self, event: TimerFired) -> None:
        """A timer: nothing, unless its wait is the present one."""
        if event.wait_id != self.wait_id or not self.stack or self.gated():
            return
        if isinstance(found := self.evaluate(), Ask):
            self.effects += found.lapse

    def messages(self) -> list[Say]:
        """All that there is to say as one message, the question last; in more only where the question asks
        for it.
        """
        ask = self.ask if not self.over else None
        parts: list[tuple[Line, ...]] = [
            tuple(self.lines),
            ask.before if ask else (),
            ask.lines if ask else (),
        ]
        if not (ask and (ask.alone or ask.before)):
            parts = [(*parts[0], *parts[2])]
        shown = ask.choices if ask else ()
        return [
            Say(part, shown if at == len(parts) - 1 else (), self.purpose, self.loan_id, self.tone)
            for at, part in enumerate(parts)
            if part
        ]

    def expecting(self) -> Expecting | None:
        """What the top frame waits for."""
        found = self.ask or (self.evaluate() if self.stack and not self.gated() else None)
        return found.expecting if isinstance(found, Ask) and not self.over else None


def step(
    conversation: Conversation,
    event: Event,
    facts: Facts,
    catalogue: Catalogue,
    routing: Routing,
    *,
    silent: bool = False,
) -> Step:
    """With `silent` a person has the conversation: only what protects somebody is done, and nothing is said.
    Never raises for what a borrower may write; raises KeyError for a flow or a version that the catalogue
    lacks.
    """
    run = _Stepping(list(conversation.stack), conversation.wait_id, facts, event, catalogue, routing)
    match event:
        case Message() if silent:
            run.on_message_silently(event)
        case Message():
            run.on_message(event)
        case Outreach():
            run.on_outreach(event)
        case DomainEvent():
            run.on_domain_event(event)
        case TimerFired():
            run.on_timer(event)
        case Released():
            run.run()
    run.effects += run.messages()
    after = Conversation(tuple(run.stack), run.wait_id)
    top = after.top
    return Step(
        after, tuple(run.effects), top.flow if top else None, top.state if top else None, run.expecting()
    )
