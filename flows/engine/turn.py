"""One turn: what each kind of event does to the stack, and to what is said and done."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flows.engine.conversation import Frame, Lately
from flows.engine.state import Ask, Done, Go, HandOver, Move, Reprompt
from flows.engine.stepping import Stepping
from flows.types.effects import Expecting, HandOff, RaiseUrgency, Say
from flows.types.event import DomainEvent, Message, Outreach, TimerFired

LIVE = timedelta(hours=6)
"""A question this fresh is being talked about: outreach does not break in."""
DOUBTS = 2
"""So many messages in a row may be asked about; the next one is a person's."""


class Turn(Stepping):
    """A step by what has happened: one method a kind of event."""

    __slots__ = ()

    def on_message(self, message: Message) -> None:
        """What protects somebody first, then the open questions, doubt, and what works in every state."""
        if message.proof and message.remainder and not self.domain.known(self.facts):
            self.on_message(message.remainder)  # waits until it is known who is writing
            self.ask, self.event, message = None, message.proof, message.proof
            if self.over:
                self.prove(message)
                return
        message, asks = self.domain.apart(message, self.pending(), self.facts)
        message = self.interpret(message)
        doubts, self.doubts = self.doubts, 0
        protections = self.protect(message)
        if protections:
            self.next_to_protection(message)  # and a doubt is over
            self.stack = [frame for frame in self.stack if frame.flow != self.domain.UNCLEAR]
            self.leave_menu()
        before = len(self.lines)
        if protections or self.answered(message):
            self.run()
        elif self.ask is None and not self.over:
            self.digress(message, doubts)
        if not any(isinstance(move, HandOver) and move.urgency > 1 for _, move in protections):
            self.inform(asks, before)

    def interpret(self, message: Message) -> Message:
        lately = Lately(self.done, self.spoken)
        self.done = ""
        self.event = self.domain.interpret(message, tuple(self.stack), self.pending(), self.facts, lately)
        return self.event

    def protect(self, message: Message) -> list[tuple[str, Move]]:
        """Does what protects somebody; which flows did, by which moves."""
        moves: list[tuple[str, Move]] = []
        for name in self.domain.protections(message, self.facts):
            self.push(name, **self.domain.about(message, self.facts, self.spoken), request=message.gist)
            found = self.evaluate()
            assert not isinstance(found, Ask), f"{name} works in every state and may not ask"
            self.move(found)
            moves.append((name, found))
        return moves

    def next_to_protection(self, message: Message) -> None:
        """What is reported or offered next to what protects; where a person takes over, it is noted."""
        if self.over:
            said = list(self.lines)
            self.note(message)
            self.lines = [*said, *self.domain.left_to_person(message, self.facts)]
            return
        rest = self.domain.besides(message)
        if rest and self.answered(rest):
            return
        if name := self.domain.also_answered(message, self.facts):
            self.push(name, request=(rest or message).gist)

    def leave_menu(self) -> None:
        """An invitation that stands already gives way to what was done instead."""
        while self.lines and self.stack and self.stack[-1].asked_at:
            found = self.pending()
            if found is None or not found.menu:
                return
            self.stack.pop()

    def on_message_silently(self, message: Message) -> None:
        """A person has the conversation: what protects somebody is done, and what must not wait is noted,
        without a word.
        """
        proof = message.proof
        message, asks = self.domain.apart(message, self.pending(), self.facts)
        message = self.interpret(message)
        for name, move in (*self.protect(message), *(move for ask in asks for move in self.protect(ask))):
            reason = move.reason if isinstance(move, HandOver) else name
            urgency = move.urgency if isinstance(move, HandOver) else 1
            self.effects.append(RaiseUrgency(reason, urgency))
        self.prove(proof or message)
        self.take_account(message)
        self.note(message)
        self.effects = [effect for effect in self.effects if not isinstance(effect, HandOff | Say)]
        self.lines.clear()
        self.over = True

    def inform(self, asks: tuple[Message, ...], before: int) -> None:
        """Answers what is asked next to something else: after what is done, and `before` the question that
        follows. A wish that asks something itself comes when that is over.
        """
        event, below, done = self.event, list(self.stack), self.lines
        identifies = any(frame.flow == self.domain.IDENTIFY for frame in below)
        self.lines, waiting = [], list[Frame]()
        for asked in asks:
            ask = self.domain.wished(asked, self.facts)
            name = self.domain.digression(ask, self.facts)
            if name is None:
                continue
            self.event = ask
            loan = {"loan_id": below[-1].slots["loan_id"]} if below and "loan_id" in below[-1].slots else {}
            self.push(name, **(self.domain.about(ask, self.facts, self.spoken) or loan), request=ask.gist)
            frame, known = self.stack[-1], not self.gated()
            while known and isinstance(found := self.evaluate(), Go) and not (found.lines or found.effects):
                self.move(found)
            if known and (isinstance(found, Done) or (isinstance(found, Ask) and found.menu)):
                self.lines += found.lines
                self.effects += found.effects if isinstance(found, Done) else ()
            elif self.domain.waits(ask) if known else identifies:
                waiting.append(frame)
            self.stack = list(below)
        place = len(done) if self.ask is None else before
        answers = [each for each in self.lines if each not in done]  # asked in two ways, answered once
        self.lines = [*done[:place], *answers, *done[place:]]
        if waiting and not self.over:
            if self.ask and self.ask.menu:  # an invitation gives way to what is wished
                self.lines += self.ask.lines
                self.ask, below = None, below[:-1]
            self.stack = [*reversed(waiting), *below]
            if self.ask is None:
                self.run()
        self.event = event

    def prove(self, message: Message) -> None:
        """Takes the proof of who is writing, asked for by whomever; a try that fails counts."""
        if self.domain.known(self.facts) or not self.domain.proves(message, self.facts):
            return
        before = list(self.stack)
        self.identify()
        found = self.evaluate()
        move = found.read(self.context(), message) if isinstance(found, Ask) else None
        if move is None:
            self.stack = before
        else:
            self.move(move)

    def take_account(self, message: Message) -> None:
        """Takes the account that was asked for: its digits are not there to be read again."""
        found = self.pending() if message.account else None
        move = found.read(self.context(), message) if found and found.expecting == "clabe" else None
        if isinstance(move, Go):
            self.move(move)

    def note(self, message: Message) -> None:
        """Does what needs no answer of the borrower; what would be asked, a person has to ask soon."""
        name = self.domain.noted(message, self.facts)
        if name is None or (self.catalogue[name].private and not self.domain.known(self.facts)):
            return
        below = list(self.stack)
        self.push(name, **self.domain.about(message, self.facts, self.spoken), request=message.gist)
        while isinstance(found := self.evaluate(), Go):
            self.move(found)
        if isinstance(found, Ask):
            self.effects += (*found.silently, RaiseUrgency(name, 1))
        else:
            self.move(found)
        self.stack = below

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
            if isinstance(move, Reprompt) and not (menus and _holds_value(message)):
                move = None  # only a value that is wrong is answered down there
            if move is not None and (menus or _gives_answer(message)):
                self.stack = self.stack[: place + 1]
                if below.binds and not _gives_answer(message):  # a yes to something else binds nobody
                    self.wait(below)
                    return False
                return self.answer(below, message)
            menus = menus and below.menu
        return False

    def own(self, act: str) -> bool:
        """Whether an act is what the top flow is about, or the one below menus: then its question reads the
        message first.
        """
        for place in range(len(self.stack) - 1, -1, -1):
            if act in self.frame(place)[1].acts:
                return True
            found = self.pending(place)
            if found is None or not found.menu:
                return False
        return False

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
        if ask.binds and binding and self.domain.unseen(self.facts):
            self.wait(ask, whole=True)
            return False
        if ask.binds and ask.expecting != "consent" and frame.again and self.domain.acknowledges(message):
            self.retry(ask, Reprompt((self.domain.plain_yes(), *(ask.brief or ask.lines))))
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
        if again.answers:
            attempts -= 1
        elif attempts >= DOUBTS:
            self.lines += again.lines
            self.give_up()
            return
        self.wait(replace(ask, lines=again.lines or ask.lines, before=(), retried=True), attempts + 1)

    def digress(self, message: Message, doubts: int) -> None:
        while self.stack and self.is_over():
            self.stack.pop()
        pending = self.pending()
        slots = None
        certain = message.certain or message.act is not None or message.topic is not None
        if message.payload is None and not certain:
            slots = self.domain.unclear(message, self.facts)
        name = None if slots else self.domain.digression(message, self.facts)
        if name:
            self.interrupt(name, pending, message)
        elif pending is not None and message.payload is not None:  # a button of a question that has passed
            self.lines.append(self.domain.passed())
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
        if top and same and (pending is None or self.keeps(top, name, message)):
            return
        about: dict[str, Any] = {}
        request = message.gist
        if top and top.flow == self.domain.IDENTIFY and self.catalogue[name].private:
            # the last wish waits until it is known who is writing
            self.stack = [frame for frame in self.stack if frame.asked_at]
        elif top and pending is not None and (pending.menu or same):
            about = {"loan_id": top.slots["loan_id"]} if "loan_id" in top.slots else {}
            if message.payload and top.flow == self.domain.UNCLEAR:  # what was meant, by its button
                request = {**top.slots.get("request", {}), "intent": message.payload.removeprefix("meaning.")}
            self.stack.pop()
            if self.stack and self.keeps(self.stack[-1], name, message):
                return
        about |= self.domain.about(message, self.facts, self.spoken)
        self.push(name, **about, **slots, request=request)

    def keeps(self, frame: Frame, name: str, message: Message) -> bool:
        """Whether the flow is under way already, and too far for what asks for it to begin it anew."""
        return frame.flow == name and self.catalogue[name].keeps.get(message.intent) in frame.slots

    def on_outreach(self, event: Outreach) -> None:
        """Begins what was planned, unless the borrower is talking, or a question that binds is still open."""
        if any(self.holds_outreach(place, event) for place in range(len(self.stack))):
            return
        self.stack.clear()
        self.purpose, self.loan_id, self.tone = "contact", event.loan_id, event.data.get("tone", "kind")
        slots = {**event.data, "loan_id": event.loan_id}
        name = self.domain.opened_by(event)
        if name != event.flow:
            slots["wanted"] = event.flow
        self.push(name, **{name: value for name, value in slots.items() if value is not None})
        self.run()

    def holds_outreach(self, place: int, event: Outreach) -> bool:
        frame = self.stack[place]
        if frame.asked_at in (None, event.unasked_at):
            return False
        age = self.now() - datetime.fromisoformat(frame.asked_at)
        last = place == len(self.stack) - 1
        if last and age < LIVE and frame.flow != event.flow:
            return True
        found = self.pending(place)
        return found is not None and found.binds and age <= self.domain.expires_after(self.facts)

    def on_domain_event(self, event: DomainEvent) -> None:
        """A fact from elsewhere: reported to the one it concerns, without touching the pending question."""
        found = self.domain.news_flow(event, self.facts)
        if found is None:
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


def _holds_value(message: Message) -> bool:
    return bool(message.amount or message.date or message.account)


def _gives_answer(message: Message) -> bool:
    """Whether it can only be an answer: it holds a value, or is the button of a question."""
    return bool(message.payload or message.intent == "other") or _holds_value(message)


def _may_answer_below(message: Message) -> bool:
    return _gives_answer(message) or message.intent in ("affirm", "deny")
