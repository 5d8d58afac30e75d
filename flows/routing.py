"""The closed list of what is heard in every state, and what happens when nothing was understood."""

from typing import Any

from flows.engine import Ask, HandOver, Line, line
from flows.types.effects import Choice, Purpose
from flows.types.event import DomainEvent, Message
from flows.types.facts import Facts

IDENTIFY = "identity"
IDLE = "hello"

SAFETY = {
    "opt_out": "optout",
    "wrong_person": "wrong_person",
    "third_party": "third_party",
    "cancel_debit": "cancel_debit",
    "report_vulnerability": "vulnerability",
    "dispute_debt": "dispute_debt",
    "dispute_charge": "dispute_charge",
    "complain": "complaint",
    "privacy_request": "privacy",
    "talk_to_human": "human",
}
"""Heard before the state itself. Those that end with a person stand last: what else was said is done first.
"""

DIGRESSIONS = {
    "greet": "hello",
    "thank": "thanks",
    "abuse": "abuse",
    "ask_balance": "balance",
    "ask_breakdown": "breakdown",
    "ask_due_date": "due_date",
    "ask_payment_methods": "payment_methods",
    "ask_identity": "who",
    "report_payment": "payment_report",
    "promise_to_pay": "promise",
    "request_extension": "promise",
    "request_plan": "plan",
    "request_discount": "plan",
    "report_hardship": "hardship",
    "refuse_to_pay": "refusal",
    "authorize_debit": "mandate",
    "change_account": "mandate",
    "provide_clabe": "mandate",
    "contact_preference": "contact_preference",
    "opt_in": "optin",
    "request_loan": "loan_request",
}
"""Answered on top of the pending question, which is then asked again."""

PAYLOADS = {
    "pay_now": "payment_methods",
    "paid": "payment_report",
    "later": "promise",
    "agent": "human",
    "balance": "balance",
    "debit": "mandate",
    "stop": "optout",
}
"""Buttons that mean the same whenever they are pressed, even weeks later."""

UNHEARD = ("affirm", "deny", "other")
"""These mean something only as an answer to a question."""

_COURTESIES = ("greet", "thank", "abuse")
"""BorrowerPanel a picture or a voice note these say nothing of what it is about."""
_HANDS_OVER = ("vulnerability", "dispute_debt", "dispute_charge", "complaint", "privacy", "human")
_NEWS = (
    "payment.posted",
    "promise.partial",
    "promise.broken",
    "mandate.active",
    "mandate.rejected",
    "mandate.cancelled",
    "charge.notified",
    "charge.collected",
    "charge.settled",
    "charge.returned",
    "charge.reversed",
)


def safety(message: Message, facts: Facts, /) -> list[str]:
    """The safety flows that this message calls for, in the order in which they are done."""
    del facts
    if message.payload is not None:
        return [flow] if (flow := PAYLOADS.get(message.payload)) in SAFETY.values() and flow else []
    heard = [message.intent] if message.certain else []
    flows = dict.fromkeys(SAFETY[intent] for intent in (*heard, *message.also) if intent in SAFETY)
    return sorted(flows, key=lambda name: name in _HANDS_OVER)


def digression(message: Message, /) -> str | None:
    if message.payload is not None:
        return PAYLOADS.get(
            message.payload.removeprefix("meaning."),
            DIGRESSIONS.get(message.payload.removeprefix("meaning.")),
        )
    courtesy = message.intent in _COURTESIES
    if message.kind != "text":
        return DIGRESSIONS.get(message.intent, "media") if message.certain and not courtesy else "media"
    return DIGRESSIONS.get(message.intent) if message.certain or not courtesy else None


def bare(message: Message, /) -> str | None:
    """A day or a sum and nothing else, where no question asked for one: when, or how much, they will pay."""
    given = message.date is not None or message.amount is not None
    return (
        "promise"
        if given and message.payload is None and message.kind == "text" and message.intent == "other"
        else None
    )


def news_flow(event: DomainEvent, /) -> str | None:
    return "news" if event.kind in _NEWS else None


def purpose(event: DomainEvent, /) -> Purpose:
    """News confirm what was done; what is about to be done is a notice that the contract demands."""
    return "notice" if event.kind == "charge.notified" else "confirmation"


def unclear(message: Message, /) -> dict[str, Any] | None:
    """The slots of the question what was meant; null when no likely meaning is worth a button."""
    meanings = [
        label
        for label in dict.fromkeys(message.alternatives)
        if label in {**DIGRESSIONS, **SAFETY} and label not in _COURTESIES
    ]
    return {"meanings": meanings[:2]} if meanings and message.kind == "text" else None


def rephrase(ask: Ask, /) -> Ask:
    """The same question after a word of apology, with a way to a person."""
    way_out = Choice("agent", "menu.agent")
    choices = (
        ask.choices
        if len(ask.choices) >= 3 or any(c.payload == "agent" for c in ask.choices)
        else (*ask.choices, way_out)
    )
    return Ask(
        (line("repair.sorry"), *ask.lines), ask.expecting, ask.read, choices, ask.binds, ask.lapse, ask.menu
    )


def give_up() -> HandOver:
    return HandOver("not_understood", 1, (line("repair.person"),))


def expired() -> Line:
    return line("repair.expired")
