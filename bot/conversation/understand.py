"""A message, read: what the engine gets of it, and what is kept of the reading."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

from bot.conversation import accounts
from bot.conversation.clauses import taken_apart
from bot.conversation.incoming import Incoming
from bot.conversation.view import View
from bot.services import Services
from bot.understanding import Part, Reading
from flows.acts.words.people import after_all
from flows.identity.birthday import birthday, birthday_apart
from flows.identity.people import self_named
from flows.types.event import Message, PaymentPart
from values import Money

ACCOUNT = "account"
"""In what is kept of a reading: what is wrong with an account that was given."""
_ACCOUNT_ENTITIES = ("clabe", "clabe_invalid")
_KEYWORDS = {"STOP": "opt_out", "START": "opt_in", "HELP": "ask_identity"}
"""Twilio's own reading of SMS keywords (`OptOutType`), in whatever word and language they came."""


def understand(services: Services, incoming: Incoming, view: View) -> tuple[Message, dict[str, Any], str]:
    """`(event, reading as kept, account digits)`: the digits are for this turn alone."""
    expected = view.expecting == "clabe"
    found = (
        accounts.find(incoming.text, services.vault.fingerprint, services.debitable, expected=expected)
        if incoming.text
        else None
    )
    reading = services.understanding.read(incoming.text, view.facts.today, view.expecting)
    keyword = _KEYWORDS.get(str(incoming.extra.get("OptOutType", "")).upper())
    if keyword is not None:
        reading = replace(reading, intent=keyword, confidence=1.0, certain=True, also=(), alternatives=())
    entities = {name: value for name, value in reading.entities.items() if name not in _ACCOUNT_ENTITIES}
    if found:  # what else looks like a number in such a message may be a piece of the account
        reading = replace(reading, parts=(), either=())
        entities = {name: value for name, value in entities.items() if name == "channel"}
    event = _message(
        accounts.mask(incoming.text, short_too=expected),
        reading,
        entities,
        payload=incoming.payload,
        kind=incoming.kind,
        account=found.given if found else None,
    )
    if incoming.payload is None and incoming.text:

        @cache  # the same clause is asked for in several ways
        def read(text: str) -> Message:
            alone = services.understanding.read(text, view.facts.today, None)
            return _message(text, alone, alone.entities)

        ways = view.facts.lender.ways
        event = taken_apart(event, read, ways)
        whole = found is None and keyword is None and incoming.kind == "text"  # nothing that words alone lose
        if whole and (apart := _proof_apart(event.text, view)):
            proof, remainder = map(read, apart)
            event = replace(event, proof=proof, remainder=taken_apart(remainder, read, ways))
    kept = {
        "intent": reading.intent,
        "confidence": round(reading.confidence, 4),
        "certain": reading.certain,
        "also": list(reading.also),
    }
    if reading.topic:
        kept["topic"] = reading.topic
    if found and found.given.kind != "clabe":
        kept[ACCOUNT] = {"kind": found.given.kind, "last4": found.given.last4}
    kept["expecting"] = view.expecting
    kept["entities"] = {name: value for name, value in entities.items() if name != "phone"}
    return event, kept, found.digits if found else ""


def _message(text: str, reading: Reading, entities: Mapping[str, Any], **came: Any) -> Message:
    rest = dict(entities)
    amount, day = rest.pop("amount", None), rest.pop("date", None)
    return Message(
        text=text,
        intent=reading.intent,
        confidence=reading.confidence,
        certain=reading.certain,
        also=reading.also,
        alternatives=tuple(label for label, _ in reading.alternatives),
        amount=Money(amount) if isinstance(amount, int) else None,
        date=date.fromisoformat(day) if isinstance(day, str) else None,
        entities=rest,
        topic=reading.topic,
        parts=tuple(map(_payment, reading.parts)),
        either=tuple(map(_payment, reading.either)),
        **came,
    )


def _payment(part: Part) -> PaymentPart:
    amount = Money(part.amount) if part.amount is not None else None
    return PaymentPart(amount, part.day, part.share, part.other_loan)


def _proof_apart(text: str, view: View) -> tuple[str, str] | None:
    """A birthday of those whom the address reaches, and what is said next to it."""
    if view.facts.borrower is not None:
        return None
    known = {day for person in view.facts.candidates if (day := birthday(person))}
    top = view.conversation.top
    asked = top is not None and top.flow == "identity"
    said = after_all(text) or bool(self_named(text, view.facts.candidates))
    return birthday_apart(text, known, asked=asked or said)


def with_taken(event: Message, *, taken: bool) -> Message:
    """The same event, noting that somebody else's mandate already uses the account."""
    return replace(event, account=replace(event.account, taken=taken)) if event.account else event
