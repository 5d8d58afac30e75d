"""The step: a conversation, an event and the facts in; a conversation and effects out. Pure, and the same for
all that happens.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from flows.engine.conversation import Conversation, Frame
from flows.engine.domain import Domain, EndlessStep, UndeclaredExit
from flows.engine.replies import compose, digest
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
from flows.types.effects import Effect, Expecting, HandOff, Purpose, RaiseUrgency, Say, StartTimer
from flows.types.event import DomainEvent, Event, Message, Outreach, Released, TimerFired
from flows.types.wording import Line
from values import LoanId

LIVE = timedelta(hours=6)
"""A question this fresh is being talked about: outreach does not break in."""
DOUBTS = 2
"""So many messages in a row may be asked about; the next one is a person's."""
MOVES_IN_A_STEP = 24


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
            asked=frame.asked_at is not None,
        )

    def evaluate(self, place: int = -1) -> "Ask | Move":
        """What a state answers now; that of the top frame unless told otherwise."""
        frame, flow = self.frame(place)
        return flow.states[frame.state](self.context(place))

    def pending(self, place: int = -1) -> Ask | None:
        """The question that a frame has open; null where it has none, or may not be seen."""
        if not self.stack or self.gated(place):
            return None
        found = self.evaluate(place)
        return found if isinstance(found, Ask) else None

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
        returns = self.stack[-1].asked_at is not None and bool(self.lines) and not attempts and not whole
        self.ask = replace(ask, lines=ask.brief, before=(), alone=False) if returns and ask.brief else ask
        self.wait_id += 1
        self.stack[-1] = replace(
            self.stack[-1], asked_at=self.now().isoformat(timespec="seconds"), attempts=attempts
        )
        if ask.binds:
            due = self.now() + self.domain.expires_after(self.facts)
            self.effects.append(StartTimer("lapse", self.wait_id, due))

    def now(self) -> datetime:
        return self.domain.now(self.facts)

    def move(self, move: Move) -> None:
        """Applies a move of the top frame. Raises UndeclaredExit."""
        frame, flow = self.top()
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
                    frame, state=move.state, slots={**frame.slots, **move.slots}, attempts=0, asked_at=None
                )
            case Done():
                self.stack.pop()
                self.stack = [] if move.clear else [below for below in self.stack if below.flow != move.ends]
            case Start():
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
        self.effects.append(HandOff(move.reason, move.urgency))
        self.over = True

    def give_up(self) -> None:
        """Nothing was understood for too long: a person takes over."""
        move = self.domain.give_up()
        self.lines += move.lines
        self.doubts = 0
        self.hand_over(move)

    def on_message(self, message: Message) -> None:
        """What protects somebody first, then the open questions, doubt, and what works in every state."""
        message = self.interpret(message)
        doubts, self.doubts = self.doubts, 0
        protections = self.protect(message)
        if protections or self.answered(message):
            self.run()
        elif self.ask is None and not self.over:
            self.digress(message, doubts)

    def interpret(self, message: Message) -> Message:
        self.event = self.domain.interpret(message, tuple(self.stack), self.pending(), self.facts)
        return self.event

    def protect(self, message: Message) -> list[Move]:
        """Does what protects somebody; the moves that did it."""
        moves: list[Move] = []
        for name in self.domain.protections(message, self.facts):
            self.push(name, request=message.gist)
            found = self.evaluate()
            assert not isinstance(found, Ask), f"{name} works in every state and may not ask"
            self.move(found)
            moves.append(found)
        return moves

    def on_message_silently(self, message: Message) -> None:
        """A person has the conversation: what protects somebody is done without a word, no more."""
        for move in self.protect(self.interpret(message)):
            reason = move.reason if isinstance(move, HandOver) else message.intent
            urgency = move.urgency if isinstance(move, HandOver) else 1
            self.effects.append(RaiseUrgency(reason, urgency))
        self.effects = [effect for effect in self.effects if not isinstance(effect, HandOff | Say)]
        self.lines.clear()
        self.over = True

    def answered(self, message: Message) -> bool:
        """Whether an open question takes the message: the newest, else one below it, which then goes on."""
        if message.act is not None and not self.own(message.act):
            return False
        top = self.pending()
        if top is not None and self.answer(top, message):
            return True
        if self.ask is not None or self.over or (message.payload is None and not _may_answer_below(message)):
            return False
        menus = top is None or top.menu
        for place in range(len(self.stack) - 2, -1, -1):
            below = self.pending(place)
            if below is None or below.open_text:
                continue
            move = below.read(self.context(place), message)
            if move is not None and not isinstance(move, Reprompt) and (menus or _says_what(message)):
                self.stack = self.stack[: place + 1]
                if below.binds and not _says_what(message):  # a yes to something else binds nobody
                    self.wait(below)
                    return False
                return self.answer(below, message)
            menus = menus and below.menu
        return False

    def own(self, act: str) -> bool:
        """Whether an act is what the top flow is about: then its question reads the message first."""
        return bool(self.stack) and act in self.top()[1].acts

    def answer(self, ask: Ask, message: Message) -> bool:
        """Whether the message answers the question of the top frame, and the frame has moved on."""
        frame, _ = self.top()
        move = ask.read(self.context(), message)
        binding = (
            message.payload
            or message.intent == "affirm"
            or (move is not None and not isinstance(move, Reprompt) and move.effects)
        )
        if ask.binds and (self.late(frame) or message.stale) and binding:
            self.lines.append(self.domain.expired())
            self.wait(ask, whole=True)
            return False
        if isinstance(move, Reprompt):
            self.retry(ask, move)
        elif move is not None:
            self.move(move)
        return move is not None and not isinstance(move, Reprompt)

    def late(self, frame: Frame) -> bool:
        """Whether the frame's question was asked too long ago to bind anybody."""
        if frame.asked_at is None:
            return False
        return self.now() - datetime.fromisoformat(frame.asked_at) > self.domain.expires_after(self.facts)

    def retry(self, ask: Ask, again: Reprompt) -> None:
        """Says what is wrong with the answer; the third time in a row a person takes over."""
        attempts = self.stack[-1].attempts
        if attempts >= DOUBTS:
            self.lines += again.lines
            self.give_up()
            return
        self.wait(replace(ask, lines=again.lines or ask.lines, before=()), attempts + 1)

    def digress(self, message: Message, doubts: int) -> None:
        pending = self.pending()
        slots = None
        certain = message.certain or message.act is not None or message.topic is not None
        if message.payload is None and not certain:
            slots = self.domain.unclear(message, self.facts)
        name = None if slots else self.domain.digression(message, self.facts)
        if name:
            self.interrupt(name, pending, message)
        elif pending is not None and message.payload is not None:  # a button of a question that has passed
            self.lines.append(self.domain.expired())
        else:
            self.doubt(slots, pending, message, doubts + 1)
            return
        self.run()

    def doubt(self, slots: dict[str, Any] | None, pending: Ask | None, message: Message, doubts: int) -> None:
        """Asks what was meant; after so many in a row a person does."""
        self.doubts = doubts
        if doubts > DOUBTS:
            self.give_up()
        elif slots:
            self.interrupt(self.domain.UNCLEAR, pending, message, **slots, doubts=doubts)
            self.run()
        elif pending is not None:
            self.wait(self.domain.rephrase(pending, doubts), attempts=self.stack[-1].attempts)
        else:
            self.push(self.domain.IDLE)
            self.run()

    def interrupt(self, name: str, pending: Ask | None, message: Message, **slots: Any) -> None:
        """Something else over the pending question; what asks for the flow already under way begins it anew,
        and a menu gives way.
        """
        top = self.stack[-1] if self.stack else None
        same = top is not None and top.flow == name
        if same and pending is None:
            return
        about: dict[str, Any] = {}
        request = message.gist
        if top and top.flow == self.domain.IDENTIFY and self.catalogue[name].private:
            # the last wish waits until it is known who is writing
            self.stack = [frame for frame in self.stack if frame.asked_at]
        elif top and pending is not None and (pending.menu or same):
            about = {"loan_id": top.slots["loan_id"]} if "loan_id" in top.slots else {}
            if message.payload and top.flow == self.domain.UNCLEAR:  # what was meant, said in other words
                request = {**top.slots.get("request", {}), "intent": message.payload.removeprefix("meaning.")}
            self.stack.pop()
        self.push(name, **about, **slots, request=request)

    def on_outreach(self, event: Outreach) -> None:
        """Begins what was planned, unless the borrower is talking, or a question that binds is still open."""
        if any(self.holds_outreach(place, event) for place in range(len(self.stack))):
            return
        self.stack.clear()
        self.purpose, self.loan_id, self.tone = "contact", event.loan_id, event.data.get("tone", "kind")
        slots = {**event.data, "loan_id": event.loan_id}
        self.push(event.flow, **{name: value for name, value in slots.items() if value is not None})
        self.run()

    def holds_outreach(self, place: int, event: Outreach) -> bool:
        frame = self.stack[place]
        if frame.asked_at is None:
            return False
        age = self.now() - datetime.fromisoformat(frame.asked_at)
        last = place == len(self.stack) - 1
        if last and age < LIVE and frame.flow != event.flow:
            return True
        found = self.pending(place)
        return found is not None and found.binds and age <= self.domain.expires_after(self.facts)

    def on_domain_event(self, event: DomainEvent) -> None:
        """A fact from elsewhere: reported to the one it concerns, without touching the pending question."""
        found = self.domain.news_flow(event)
        if found is None or not self.domain.known(self.facts):
            return
        name, self.purpose = found
        self.loan_id = event.loan_id
        below, self.stack = self.stack, []
        self.push(name, loan_id=event.loan_id)
        self.run()
        self.stack = [*below, *self.stack]

    def on_timer(self, event: TimerFired) -> None:
        """A timer: nothing, unless its wait is the present one."""
        if event.wait_id == self.wait_id and (found := self.pending()):
            self.effects += found.lapse

    def expecting(self) -> Expecting | None:
        """What the top frame waits for."""
        found = self.ask or self.pending()
        return found.expecting if found and not self.over else None


def _says_what(message: Message) -> bool:
    """Whether it can only be an answer: it holds a value, or is the button of a question."""
    return bool(
        message.payload or message.amount or message.date or message.account or message.intent == "other"
    )


def _may_answer_below(message: Message) -> bool:
    return _says_what(message) or message.intent in ("affirm", "deny")


def step(
    conversation: Conversation,
    event: Event,
    facts: Any,
    catalogue: Catalogue,
    domain: Domain,
    *,
    silent: bool = False,
) -> Step:
    """With `silent` a person has the conversation: only what protects somebody is done, and nothing is sent.
    Never raises for what a borrower may write; raises KeyError for a flow or a version that the catalogue
    lacks.
    """
    run = _Stepping(
        list(conversation.stack), conversation.wait_id, conversation.doubts, facts, event, catalogue, domain
    )
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
    says, memory = _replies(run, conversation)
    run.effects += says
    after = Conversation(tuple(run.stack), run.wait_id, run.doubts, *memory)
    top = after.top
    return Step(
        after, tuple(run.effects), top.flow if top else None, top.state if top else None, run.expecting()
    )


def _replies(run: _Stepping, before: Conversation) -> tuple[list[Say], tuple[str, int, str | None]]:
    """The messages of this step, and what to remember of them."""
    ask = run.ask if not run.over else None
    say = Say((), (), run.purpose, run.loan_id, run.tone)
    says = compose(say, tuple(run.lines), ask)
    memory = before.sent, before.repeats, before.sent_at
    if not says or not isinstance(run.event, Message):
        return says, memory
    sent = digest(says)
    recent = before.sent_at is not None and run.now() - datetime.fromisoformat(before.sent_at) < LIVE
    repeats = before.repeats + 1 if recent and sent == before.sent else 0
    if repeats and not (ask and ask.alone):
        says = run.domain.repeated(ask, repeats).around(says)
    return says, (sent, repeats, run.now().isoformat(timespec="seconds"))
