"""What is asked of one's loans, their numbers and days, and of the ways to pay: no label covers it."""

from dataclasses import replace

from flows.acts.readings import contact_given
from flows.acts.words.asked import (
    CHARGED,
    COMPLAINTS,
    EARLY,
    ERROR,
    EVERY,
    FOLIO,
    FOLIO_ASKED,
    FOLIO_NAMED,
    FOR_INVOICE,
    INTENTS,
    INVOICE,
    LAST,
    LEAST,
    OF_LOANS,
    PAST,
    PREPAYS,
    REMAINDER,
    REMAINDER_ASKED,
    SCHEDULE,
    SPELT,
    TOPICS,
    TROUBLE,
    WAY,
    WHEN_NEXT,
)
from flows.acts.words.signals import Signals
from flows.answers import begins_with_yes, plain
from flows.smalltalk.media import awaits_proof
from flows.types.event import Message
from flows.types.facts import Facts
from flows.types.ways import Ways

OTHERS = "others_told"
_IDLE = frozenset({LEAST, REMAINDER, TROUBLE, WAY})
"""Where another question is open, its own answers may be worded like these."""
_SHORT = 10
"""Words of a message that asks for a folio and nothing else."""
_MAY_BE = frozenset({
    "affirm", "ask_balance", "ask_breakdown", "ask_due_date", "ask_identity", "ask_payment_methods",
    "authorize_debit", "contact_preference", "deny", "greet", "other", "promise_to_pay", "request_discount",
    "request_extension", "request_loan", "request_plan", "thank",
})  # fmt: skip
"""What such a question may be read as, where its reading is sure."""


def asked(message: Message, facts: Facts, done: str, *, free: bool, terms: bool = False) -> Message:
    """The message with its act or topic, where it asks one of these. `free`: whether no question but a menu's
    is open. `terms`: whether one of sums and days is.
    """
    known = bool(facts.candidates) and facts.registered_phone
    act = contact_given.act_of(message, plain(message.text), done, known=known) if free else None
    if act == contact_given.OF_ANOTHER:
        return _with(message, topic=OTHERS)
    if act is not None:
        return _with(message, act=act)
    found = of_loans(message, facts.lender.ways)
    free = free or (terms and _next_to_terms(found, message))
    if not free and (found.topic or found.act in _IDLE or EVERY.search(plain(message.text))):
        return message
    parts = Signals(message.text).part and any(loan.plan for loan in facts.loans)
    promised = WHEN_NEXT.fullmatch(plain(message.text)) and any(loan.promise for loan in facts.loans)
    if found.act == SCHEDULE and (parts or promised):
        return message
    reported = found.act == WAY and "?" not in message.text and awaits_proof(facts)  # «en Oxxo», it was paid
    return message if reported else found


def _next_to_terms(found: Message, message: Message) -> bool:
    """A way to pay, or what it changes to pay early, answers no question of sums and days."""
    early = found.topic == EARLY and ("?" in message.text or message.intent == "request_discount")
    return early or (found.act == WAY and not begins_with_yes(message))


def of_loans(message: Message, ways: Ways) -> Message:
    """The same of loans and ways to pay, whatever goes on."""
    flat = plain(message.text)
    for spelt, word in SPELT:
        flat = spelt.sub(word, flat)
    topic = _topic(message, flat)
    folio = FOLIO_ASKED.search(flat) and len(flat.split()) <= _SHORT
    if FOR_INVOICE.fullmatch(flat):
        return _with(message, topic=INVOICE)
    if ERROR.fullmatch(flat):
        return _with(message, act=TROUBLE)
    if folio or FOLIO_NAMED.fullmatch(flat):  # «no encuentro el folio de mi queja» is none
        return _with(message, act=FOLIO)
    if message.certain and message.intent not in _MAY_BE and topic != COMPLAINTS:
        return message
    if act := _act(message, flat, ways):
        return _with(message, act=act)
    if topic:
        return _with(message, topic=topic)
    intent = next((intent for intent, words in INTENTS if words.fullmatch(flat)), None)
    return _with(message, intent=intent) if intent else message


def _with(
    message: Message, *, act: str | None = None, topic: str | None = None, intent: str = "other"
) -> Message:
    return replace(message, act=act, topic=topic, intent=intent, also=(), certain=True)


def _act(message: Message, flat: str, ways: Ways) -> str | None:
    if message.amount is not None and REMAINDER_ASKED.search(flat):
        return REMAINDER
    act = next((act for act, words in OF_LOANS if words.search(flat)), None)
    if act in (LAST, SCHEDULE) and (PAST.search(flat) or CHARGED.search(flat)):
        return None
    alone = act is None and message.amount is None and message.date is None
    return WAY if alone and ways.named_in(message.text) else act


def _topic(message: Message, flat: str) -> str | None:
    if message.intent == "request_discount" and PREPAYS.search(flat):
        return EARLY
    return next((topic for topic, matches in TOPICS if matches(flat)), None)
