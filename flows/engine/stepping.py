"""One step under way: the stack of frames as it moves, and what it gathers to say and do."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows.engine.conversation import Frame
from flows.engine.domain import Domain, EndlessStep, UndeclaredExit
from flows.engine.state import (
    Ask,
    BaseContext,
    Catalogue,
    Done,
    Flow,
    Go,
    HandOver,
    Move,
    Reprompt,
    Start,
    exit_of,
)
from flows.types.effects import Effect, HandOff, Purpose, StartTimer
from flows.types.event import Event
from flows.types.wording import Line
from values import LoanId

MOVES_IN_A_STEP = 24


@dataclass(slots=True)
class Stepping:
    """One step under way: the stack as it moves, and what it has gathered to say and do."""

    stack: list[Frame]
    wait_id: int
    doubts: int
    facts: Any
    event: Event
    catalogue: Catalogue
    domain: Domain
    purpose: Purpose = "reply"
    loan_id: LoanId | None = None
    tone: Any = "kind"
    lines: list[Line] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ask: Ask | None = None
    done: str = ""
    """The flow that ended by doing something."""
    spoken: dict[str, Any] = field(default_factory=dict)
    """What the message is answered about."""
    over: bool = False
    """A person has it from here on."""

    def push(self, name: str, **slots: Any) -> None:
        flow = self.catalogue[name]
        self.stack.append(Frame(name, flow.version, next(iter(flow.states)), slots))

    def top(self) -> tuple[Frame, Flow]:
        """The top frame, in its flow's present version."""
        return self.frame(-1)

    def frame(self, place: int) -> tuple[Frame, Flow]:
        frame = self.stack[place]
        flow = self.catalogue[frame.flow]
        if frame.version != flow.version:
            frame = self.stack[place] = replace(
                frame, version=flow.version, state=flow.mappings[frame.version][frame.state]
            )
        return frame, flow

    def context(self, place: int = -1) -> BaseContext:
        frame = self.stack[place]
        return self.domain.context(
            self.facts,
            frame.slots,
            self.event,
            alone=len(self.stack) == 1,
            asked=self.was_asked(frame),
        )

    def was_asked(self, frame: Frame) -> bool:
        """Whether its question stands already. Who we are is told again where it may never have left."""
        if frame.asked_at is None or frame.flow != self.domain.IDENTIFY:
            return frame.asked_at is not None
        return self.domain.has_left(self.facts, datetime.fromisoformat(frame.asked_at))

    def evaluate(self, place: int = -1) -> "Ask | Move":
        """What a state answers now; that of the top frame unless another is named."""
        frame, flow = self.frame(place)
        return flow.states[frame.state](self.context(place))

    def pending(self, place: int = -1) -> Ask | None:
        """The question that a frame has open; null where it has none, or may not be seen."""
        if not self.stack or self.gated(place):
            return None
        found = self.evaluate(place)
        return found if isinstance(found, Ask) else None

    def is_over(self) -> bool:
        """Whether the top frame has nothing more to say or do: news that was given, a loan that is paid."""
        found = None if self.gated() else self.evaluate()
        return isinstance(found, Done) and not (found.lines or found.effects)

    def gated(self, place: int = -1) -> bool:
        """Whether a flow is private and who is writing is not known, or no longer: too long ago."""
        return self.frame(place)[1].private and not self.domain.known(self.facts)

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
        asked = [frame for frame in self.stack if frame.flow == self.domain.IDENTIFY]
        self.stack = [frame for frame in self.stack if frame.flow != self.domain.IDENTIFY] + asked[-1:]
        if not asked:
            self.push(self.domain.IDENTIFY)

    def wait(self, ask: Ask, attempts: int = 0, *, whole: bool = False) -> None:
        """Asks. A question that stands already is asked briefly where something else was answered first."""
        again = self.was_asked(self.stack[-1]) and not whole
        returns = again and bool(self.lines) and not attempts
        self.ask = replace(ask, lines=ask.brief, before=(), alone=False) if returns and ask.brief else ask
        self.wait_id += 1
        self.speak(self.stack[-1])
        self.stack[-1] = replace(
            self.stack[-1],
            asked_at=self.now().isoformat(timespec="seconds"),
            attempts=attempts,
            again=again,
        )
        if ask.binds:
            due = self.now() + self.domain.expires_after(self.facts)
            self.effects.append(StartTimer("lapse", self.wait_id, due))

    def now(self) -> datetime:
        return self.domain.now(self.facts)

    def speak(self, frame: Frame) -> None:
        """Keeps what the borrower is answered about: «¿y del otro?» may follow."""
        kept = {name: frame.slots[name] for name in ("loan_id", "request") if name in frame.slots}
        self.spoken = {"flow": frame.flow, **kept}

    def move(self, move: Move) -> None:
        """Applies a move of the top frame. Raises UndeclaredExit."""
        frame, flow = self.top()
        self.speak(frame)
        if (
            (target := exit_of(move))
            and target not in flow.goes[frame.state]
            and "*" not in flow.goes[frame.state]
        ):
            raise UndeclaredExit(frame.flow, frame.state, target)
        self.lines += move.lines
        if isinstance(move, Reprompt):
            return
        self.effects += move.effects
        self.facts = self.domain.recognise(self.facts, move.effects)
        match move:
            case Go():
                self.stack[-1] = replace(
                    frame,
                    state=move.state,
                    slots={**frame.slots, **move.slots},
                    attempts=0,
                    asked_at=None,
                    again=False,
                )
            case Done():
                self.done = frame.flow if move.effects else self.done
                self.stack.pop()
                kept = [below for below in self.stack if below.flow not in move.ends or _apart(below, frame)]
                self.stack = [] if move.clear else kept
            case Start():
                self.done = frame.flow if move.effects else self.done
                if move.alone:
                    self.stack.clear()
                elif not move.over:
                    self.stack.pop()
                self.push(move.flow, **move.slots)
            case HandOver():
                self.hand_over(move)
                if frame.asked_at is None:  # a state that only hands over is not come back to
                    self.stack.pop()

    def hand_over(self, move: HandOver) -> None:
        if move.lines:
            self.lines += self.domain.handed_over(move, self.facts)
        self.effects.append(HandOff(move.reason, move.urgency))
        self.over = True

    def give_up(self) -> None:
        """Nothing was understood for too long: a person takes over."""
        move = self.domain.give_up()
        self.lines += move.lines
        self.doubts = 0
        self.hand_over(move)


def _apart(below: Frame, done: Frame) -> bool:
    """Whether it is about another loan than what is done: it goes on."""
    loans = (below.slots.get("loan_id"), done.slots.get("loan_id"))
    return None not in loans and loans[0] != loans[1]
