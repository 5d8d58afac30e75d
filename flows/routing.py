"""Where a message leads, and what happens when nothing was understood: all of it derived from what the
conversations declare of themselves.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Literal

from flows import which_loan
from flows.acts import interpret
from flows.acts.readings.agreed import PREFERENCE, yes_and_wish
from flows.acts.readings.apart import WISHES, apart
from flows.acts.readings.charges import leaves_rest_to_charge
from flows.acts.readings.live import HARDSHIP
from flows.acts.readings.opting_out import NO_CALLS
from flows.acts.readings.other_loan import following, meant_after
from flows.acts.readings.plainly import REPORTED
from flows.acts.readings.proposals import pays_first
from flows.acts.words.call_time import names_call_time
from flows.acts.words.language import language_of
from flows.acts.words.questions import is_open_question
from flows.acts.words.register import register_of
from flows.acts.words.signals import Signals
from flows.after import after
from flows.answers import acknowledges
from flows.buttons import AGENT
from flows.care.abuse import CALM, STILL_CALM
from flows.care.answer_time import answer_time
from flows.care.human import left_to_person
from flows.care.refusal import REFUSED, STILL_REFUSED
from flows.contact.contact_data import ALSO_KEPT, KEPT
from flows.contact.invitation import OFFERED
from flows.context import Context
from flows.engine import Ask, Catalogue, Flow, Frame, HandOver, Lately, Reply
from flows.identity.birthday import is_birthday_alone
from flows.identity.people import self_named
from flows.identity.returned import STILL
from flows.identity.third_party import HANDED
from flows.identity.who import CHECK_US, WE_ARE
from flows.offers.arithmetic import HELD
from flows.owed.payment_report import NOTED_AGAIN, NOTED_MORE
from flows.smalltalk.asides import A_PROGRAM, NEITHER, NO_ORDERS
from flows.smalltalk.hello import HERE_I_AM, HOW_CAN_I_HELP
from flows.smalltalk.media import STICKER, STICKER_AGAIN, awaits_proof
from flows.smalltalk.thanks import AGAIN as COURTESY_AGAIN
from flows.smalltalk.topic import is_open
from flows.types.effects import (
    Effect,
    Purpose,
    Say,
)
from flows.types.event import DomainEvent, Event, Message, Outreach
from flows.types.facts import Facts
from flows.types.wording import Key, Line, key, line

SORRY = key("repair.sorry")
AGAIN = key("repair.again")
SORRY_MENU = key("repair.sorry_menu")
AGAIN_MENU = key("repair.again_menu")
PERSON = key("repair.person")
EXPIRED = key("repair.expired")
PASSED = key("repair.passed")
PLAIN_YES = key("repair.plain_yes")
REPEATED = key("repair.repeated")
REPEATED_FAULT = key("repair.repeated_fault")
REPEATED_OFFER = key("repair.repeated_offer")
AS_BEFORE = (REPEATED, REPEATED_FAULT, REPEATED_OFFER)
"""What begins a reply that was given a moment ago."""

ANSWERS = ("affirm", "deny", "other")
"""Readings that mean something only as an answer to a question."""
_NEXT_TO_PROTECTION = (REPORTED, "promise_to_pay", "request_extension", "request_plan")
_LEFT_TO_PERSON = ("complain", "talk_to_human", "promise_to_pay", "request_extension")
"""Readings in which a day and a sum are those of a payment to come."""
_AGAIN = {
    **COURTESY_AGAIN,
    KEPT: ALSO_KEPT,
    HANDED: STILL,
    NOTED_AGAIN: NOTED_MORE,
    REFUSED: STILL_REFUSED,
    CALM: STILL_CALM,
    WE_ARE: CHECK_US,
    HOW_CAN_I_HELP: HERE_I_AM,
    STICKER: STICKER_AGAIN,
    A_PROGRAM: NEITHER,
    NO_ORDERS: NEITHER,
}
_DISPUTES = ("dispute_debt", "dispute_charge")
"""Flows of which one message opens one."""
CHARGE_WAITS = ("move.charge", "fund.charge")
"""«No me cobren mañana, mejor el viernes», «no va a haber fondos»: in time or not at all."""
_ASKS_FIRST = ("move.charge", "make.promise", "move.promise")
"""Acts that are read back before they are done."""
MEANING = "meaning."
"""The payload of a button that says what was meant: this, and the reading."""


class Conflict(ValueError):
    """Two conversations claim the same reading, act, button or news."""

    def __init__(self, what: str, first: Flow, second: Flow) -> None:
        super().__init__(f"{what} leads to the flow {first.name} and to {second.name}: only one may claim it")


def _claims(flows: Iterable[Flow], claimed: Callable[[Flow], Iterable[str]]) -> Mapping[str, Flow]:
    """By what they claim. Raises Conflict."""
    found: dict[str, Flow] = {}
    for flow in flows:
        for what in claimed(flow):
            if found.setdefault(what, flow) is not flow:
                raise Conflict(what, found[what], flow)
    return found


def _has_object(label: str, facts: Facts) -> bool:
    """Whether there is what it would end: our silence, a debit."""
    if label == "opt_in":
        return any(person.opted_out for person in facts.candidates)
    people = (facts.borrower,) if facts.borrower else facts.candidates
    return label != "cancel_debit" or any(loan.mandates for person in people for loan in person.loans)


class Routing:
    """The conversations of a catalogue, by what leads to them. Raises Conflict."""

    IDENTIFY = "identity"
    IDLE = "hello"
    UNCLEAR = "unclear"
    INVITE = "invitation"
    MEDIA = "media"
    TOPIC = "topic"
    OPEN_TOPIC = "open_topic"
    UNKNOWN_TOPIC = "unknown_topic"

    def __init__(self, catalogue: Catalogue) -> None:
        flows = catalogue.values()
        self.by_intent = _claims(flows, lambda flow: flow.intents)
        self.by_act = _claims(flows, lambda flow: flow.acts)
        self.by_payload = _claims(flows, lambda flow: flow.payloads)
        self.by_news = _claims(flows, lambda flow: flow.news)
        self.by_name = catalogue

    def context(
        self, facts: Facts, slots: Mapping[str, Any], event: Event, /, *, alone: bool, asked: bool
    ) -> Context:
        return Context(facts, slots, event, alone, asked)

    def interpret(
        self, message: Message, stack: tuple[Frame, ...], pending: Ask | None, facts: Facts, lately: Lately, /
    ) -> Message:
        if message.act is not None:  # known before it is read
            return message
        loans = facts.loans
        message = following(message, loans, lately.spoken)
        return interpret(message, stack, pending, facts, lately)

    def apart(
        self, message: Message, pending: Ask | None, facts: Facts, /
    ) -> tuple[Message, tuple[Message, ...]]:
        """Whole where it says first who is writing: the wish waits until that is known; and where the charge
        that is announced takes the rest of a sum.
        """
        if agreed := yes_and_wish(message):
            yes, wish = agreed
            bound = pending is not None and pending.binds and pending.expecting != "consent"
            return (yes, (wish,)) if bound else (message, ())
        rest = message.rest.text if message.rest else ""
        loans = facts.loans
        named = facts.borrower is None and self_named(rest, facts.candidates)
        charged = any(loan.announced_charge for loan in loans) and leaves_rest_to_charge(message)
        return (message, ()) if named or charged else apart(message, facts.lender.topics)

    def wished(self, message: Message, facts: Facts, /) -> Message:
        """What stands next to something else, read against what is live: «y muevan el cobro al lunes»."""
        if message.act or message.topic or message.intent not in WISHES or facts.borrower is None:
            return message
        return interpret(message, (), None, facts)

    def waits(self, message: Message, /) -> bool:
        """Whether it is a wish that begins when what else was written is over."""
        return message.intent in WISHES or message.act in _ASKS_FIRST

    def about(self, message: Message, facts: Facts, spoken: Mapping[str, Any], /) -> Mapping[str, Any]:
        """The loan that a message names, of several: what it calls for is about that one."""
        loans, text = facts.loans, message.text
        if len(loans) < 2:
            return {}
        named = which_loan.named_of(loans, text) or which_loan.placed_of(loans, text)
        loan = named or meant_after(loans, text, spoken)
        return {"loan_id": loan.id} if loan else {}

    def known(self, facts: Facts, /) -> bool:
        return facts.borrower is not None

    def asks_nothing(self, facts: Facts, /) -> bool:
        """A person decides first: about a dispute, a complaint, somebody who needs care."""
        people = (facts.borrower,) if facts.borrower else facts.candidates
        return any(loan.holds & HELD for person in people for loan in person.loans)

    def recognise(self, facts: Facts, effects: tuple[Effect, ...], /) -> Facts:
        return after(facts, effects)

    def now(self, facts: Facts, /) -> datetime:
        return facts.now

    def acknowledges(self, message: Message, /) -> bool:
        return acknowledges(message)

    def unseen(self, facts: Facts, /) -> bool:
        """Whether the question that stands has not left yet: a yes was written before it was read."""
        return facts.refused == "question_not_shown"

    def has_left(self, facts: Facts, asked_at: datetime, /) -> bool:
        """Whether what was asked then can have been read: it may wait for a template, or for the morning."""
        return facts.spoken_at is None or facts.spoken_at >= asked_at

    def expires_after(self, facts: Facts, /) -> timedelta:
        return facts.policy.question_expires

    def protections(self, message: Message, facts: Facts, /) -> list[str]:
        """What protects somebody and this message calls for, in the order in which it is done: what ends with
        a person comes last, so that the rest is done first.
        """
        del facts
        flows = dict.fromkeys(flow for flow in self._wanted(message) if flow.protects)
        disputes = [flow for flow in flows if flow.name in _DISPUTES]
        once = [flow for flow in flows if flow not in disputes[1:]]
        return [flow.name for flow in sorted(once, key=lambda flow: flow.hands_over)]

    def proves(self, message: Message, facts: Facts, /) -> bool:
        """Whether it is a birthday and nothing else, of one of those whom the address reaches."""
        return bool(facts.candidates) and message.payload is None and is_birthday_alone(message.text)

    def noted(self, message: Message, facts: Facts, /) -> str | None:
        """What is kept of a message while a person has the conversation: a payment that is reported, a charge
        that is to wait, hours or a channel that are wished.
        """
        reports, name = self.by_intent[REPORTED].name, self.digression(message, facts)
        if message.act in CHARGE_WAITS:
            return name
        if REPORTED in message.also:
            return reports
        if name == self.MEDIA:
            return reports if message.kind in ("image", "document") and awaits_proof(facts) else None
        certain = message.certain or message.act is not None
        if name == self.by_intent[PREFERENCE].name:
            named = "time_window" in message.entities or message.entities.get("channel", "call") != "call"
            named = named or names_call_time(message.text)
            return name if certain and named else None
        of_charge = message.act is None and not Signals(message.text).paid and self._disputes(facts)
        return name if name == reports and certain and not of_charge else None

    @staticmethod
    def _disputes(facts: Facts) -> bool:
        """«Fue ayer», of a charge that is disputed, reports no payment."""
        return facts.borrower is not None and any("dispute" in loan.holds for loan in facts.borrower.loans)

    def also_answered(self, message: Message, facts: Facts, /) -> str | None:
        """What is reported or offered next to a wish that protects somebody: «ya pagué, no me escriban»."""
        apart = self.besides(message) or message
        read = apart.certain and apart.act is None  # an act is all that its words say
        offered = message.intent if read and message.intent in _NEXT_TO_PROTECTION else None
        first = message.amount is not None and pays_first(message.text)
        dated = message.date is not None and (message.amount is not None or Signals(message.text).pays)
        gives = message.intent == "opt_out" and (first or dated)
        offered = "promise_to_pay" if gives or message.act == "replace.charge" else offered
        label = next((each for each in (REPORTED, HARDSHIP) if each in message.also), offered)
        if message.act and NO_CALLS in message.also:
            return None if self.by_act[message.act].protects else self.by_act[message.act].name
        known = facts.borrower is not None or apart is not message
        return self.by_intent[label].name if label and known else None

    def besides(self, message: Message, /) -> Message | None:
        """What a message says besides what protects, where it may answer the open question: «600, y ya no me
        marquen».
        """
        return replace(message, act=None) if message.act == NO_CALLS else None

    def _wanted(self, message: Message) -> Iterable[Flow]:
        """All conversations that a message calls for, the first one first."""
        if message.payload is not None:
            found = self._of_payload(message.payload)
            return (found,) if found else ()
        first = (self.by_act[message.act],) if message.act is not None else ()
        labels = ((message.intent,) if message.certain and not first else ()) + message.also
        known = {**self.by_intent, NO_CALLS: self.by_act[NO_CALLS]}  # which stands next to another act
        return (*first, *(known[label] for label in labels if label in known))

    def _of_payload(self, payload: str) -> Flow | None:
        return self.by_payload.get(payload) or self.by_intent.get(payload.removeprefix(MEANING))

    def digression(self, message: Message, facts: Facts, /) -> str | None:
        if message.payload is not None:
            found = self._of_payload(message.payload)
        elif message.act is not None:
            found = self.by_act[message.act]
        elif (topic := facts.lender.topics.get(message.topic or "")) is not None:
            return self.OPEN_TOPIC if is_open(topic) else self.TOPIC
        elif message.kind != "text":
            found = self.by_intent.get(message.intent) if message.certain else None
            return found.name if found and not found.courtesy else self.MEDIA
        else:
            found = self.by_intent.get(message.intent)
            if found and found.courtesy and not message.certain:
                found = None
            if found is None and self._unknown(message, facts):
                return self.UNKNOWN_TOPIC
        return found.name if found else None

    @staticmethod
    def _unknown(message: Message, facts: Facts) -> bool:
        """Whether it is a question that no reading and no topic covers, of somebody who is known."""
        other = message.intent == "other" and message.topic is None
        return other and facts.borrower is not None and is_open_question(message.text)

    def opened_by(self, event: Outreach, /) -> str:
        """What a strategy's step opens: its own conversation, or the question whether it may."""
        return self.INVITE if "step" in event.data and event.flow in OFFERED else event.flow

    def news_flow(self, event: DomainEvent, facts: Facts, /) -> tuple[str, Purpose] | None:
        """What reports it, and why; null where somebody else is writing, and for what is private where nobody
        is known.
        """
        flow, person = self.by_news.get(event.kind), facts.borrower
        if flow is None or (person is None and flow.private):
            return None
        theirs = person is None or person.owns(event.loan_id)
        return (flow.name, flow.news[event.kind]) if theirs else None

    def unclear(self, message: Message, facts: Facts, /) -> dict[str, Any] | None:
        """The slots of the question what was meant; null when no likely meaning is worth a button. Before it
        is known who is writing no button reveals a debt.
        """
        if message.kind != "text" or self._unknown(message, facts):
            return None
        shown = [
            [f"{MEANING}{label}", title]
            for label in dict.fromkeys(message.alternatives)
            if (flow := self.by_intent.get(label))
            and (title := flow.intents[label])
            and (flow.discreet or facts.borrower is not None)
            and _has_object(label, facts)
        ]
        return {"meanings": shown[:2]} if shown else None

    def rephrase(self, ask: Ask, doubts: int, /) -> Ask:
        """The same question after a word of apology, shorter the second time, with a way to a person."""
        full = len(ask.choices) >= 3 or any(choice.payload == AGENT.payload for choice in ask.choices)
        choices = ask.choices if full else (*ask.choices, AGENT)
        if ask.menu:
            words = (line(SORRY_MENU if doubts == 1 else AGAIN_MENU),)
            return replace(ask, lines=words, brief=words, choices=choices, before=())
        sorry = line(SORRY if doubts == 1 else AGAIN)
        return replace(ask, lines=(sorry, *(ask.brief or ask.lines)), choices=choices, before=())

    def repeated(self, ask: Ask | None, times: int, same_fault: bool, /) -> Reply:
        """The same reply is due again: it is put otherwise, and later a person is offered."""
        if times % 2:
            return Reply((line(REPEATED_FAULT if same_fault else REPEATED),))
        return Reply((line(REPEATED_OFFER),), AGENT if ask is None or len(ask.choices) < 3 else None)

    def otherwise(self, say: Say, /) -> Say | None:
        """The same courtesy in other words; null where it is none."""
        other = _AGAIN.get(Key(say.lines[0][0])) if len(say.lines) == 1 else None
        return replace(say, lines=((other, say.lines[0][1]),)) if other else None

    def register(self, message: Message, before: str, /) -> Literal["", "usted"]:
        return register_of(message.text, before)

    def language(self, message: Message, before: str, /) -> str:
        return language_of(message.text, before) if message.payload is None else before

    def own_language(self, facts: Facts, /) -> str:
        """That of whoever may be reading, where it is one."""
        people = (facts.borrower,) if facts.borrower else facts.candidates
        spoken = {person.language for person in people}
        return spoken.pop() if len(spoken) == 1 else ""

    def left_to_person(self, message: Message, facts: Facts, /) -> tuple[Line, ...]:
        """What a person who takes over has to agree, of a borrower who is known."""
        pays = message.intent in _LEFT_TO_PERSON and facts.today <= (message.date or date.min)
        return left_to_person(message) if pays and facts.borrower else ()

    def give_up(self) -> HandOver:
        return HandOver("not_understood", 1, (line(PERSON),))

    def handed_over(self, move: HandOver, facts: Facts, /) -> tuple[Line, ...]:
        """When a person answers; not where something grave was reported, nor where it is a call that was
        asked for.
        """
        return answer_time(facts) if move.urgency <= 1 and move.reason != "wants_call" else ()

    def expired(self) -> Line:
        return line(EXPIRED)

    def passed(self) -> Line:
        return line(PASSED)

    def plain_yes(self) -> Line:
        return line(PLAIN_YES)
