"""Who says to be writing, by the names of those whom the address reaches."""

import re
from dataclasses import replace

from flows.acts.readings.plainly import PROTECTED
from flows.acts.words import people
from flows.answers import plain
from flows.engine import Frame
from flows.identity.people import claimed, denies_name, presents, self_named
from flows.identity.people import named as people_named
from flows.types.event import Message
from flows.types.facts import Facts
from values import is_given_name

_SAYS_WHO = ("affirm", "ask_identity", "deny", "greet", "other", "third_party", "wrong_person")
_IT_IS_ME = re.compile(r"\b(?:soy|me|i am)\b(?! equivoque)")
_FEW_TO_SAY_WHO = 8


def as_named(message: Message, facts: Facts) -> Message:
    """«No, soy Ana Luisa», of an Ana; «soy Ana», on a phone where Luis has proved to be writing."""
    if message.act == people.ASK_OF_OTHER:
        return message
    if _is_still_me(message, facts):
        return message.meaning("greet")
    doubted = message.intent == "third_party" or presents(message.text, facts.candidates)
    doubted = doubted or (facts.borrower is not None and _may_say_who(message))
    other = doubted and not people.declares_other(message.text)
    named = self_named(message.text, facts.candidates) if other or message.intent == "wrong_person" else ()
    if facts.borrower and people.hands_over(message.text):  # «le paso a Luis»
        named = people_named(message.text, facts.candidates)
    if denies_name(message.text):  # «no soy Luis, soy Ana»
        named = claimed(message.text, facts.candidates)
    if not named:
        return message
    another = facts.borrower is not None and facts.borrower not in named
    return replace(message, intent="other", also=(), certain=True, act=people.BE_ANOTHER if another else None)


def _may_say_who(message: Message) -> bool:
    """«Oye, soy Ana otra vez», «soy Ana, ¿cuánto debo?»: whatever it says next to that, but what protects."""
    return not message.certain or message.intent not in PROTECTED


_OF_A_DEBT = frozenset({"ask_balance", "ask_breakdown", "ask_due_date", "ask_payment_methods"})
_OWES = re.compile(
    r"\b(?:debe|adeuda|pago|paga|pagado|liquido|owes?|paid)\b|"
    r"\b(?:saldo|deuda|adeudo|credito|prestamo|cuenta|la|lo|el) de \w+|"
    r"^(?:y )?(?:and )?\w+$"
)


def of_another(message: Message, facts: Facts) -> Message:
    """«¿Y Juan cuánto debe?», by the other one of those who share a phone; «¿cuánto debe mi esposo?»"""
    if facts.borrower is None or message.act is not None:
        return message
    of_other = message.intent in _OF_A_DEBT and people.asks_of_other(message.text)
    if of_other or (not message.certain and people.asks_if_owes(message.text)):
        return message.acting(people.ASK_OF_OTHER)
    others = [person for person in facts.candidates if person.id != facts.borrower.id]
    named = people_named(message.text, others)
    own = people_named(message.text, (facts.borrower,))
    asks = message.intent in _OF_A_DEBT or "?" in message.text or message.intent == "other"
    of_debt = asks and _OWES.search(plain(message.text)) is not None
    of_them = named and not own and not _IT_IS_ME.search(plain(message.text))
    return message.acting(people.ASK_OF_OTHER) if of_them and of_debt else message


def _is_still_me(message: Message, facts: Facts) -> bool:
    """«Sí, soy yo, Ana», of one who is known to be writing: the talk goes on."""
    if facts.borrower is None or message.intent not in _SAYS_WHO or "?" in message.text:
        return False
    if people.declares_other(message.text):
        return False
    itself = facts.borrower in self_named(message.text, facts.candidates)
    short = len(message.text.split()) <= _FEW_TO_SAY_WHO
    if denies_name(message.text):  # «no soy Luis», written by Ana
        if says_to_be := claimed(message.text, facts.candidates):
            return facts.borrower in says_to_be
        another = any(map(is_given_name, plain(message.text).split()))
        return another and facts.borrower not in people_named(message.text, facts.candidates)
    same = people.after_all(message.text) and _IT_IS_ME.search(plain(message.text)) is not None
    return message.act is None and short and (itself or same)


def pressed_later(message: Message, stack: tuple[Frame, ...], facts: Facts) -> Message | None:
    """«Otra persona», or another's name: a button of «¿con quién hablo?», pressed once that was answered."""
    if any(frame.flow == "identity" for frame in stack):
        return None
    if message.payload in ("nobody", "not_me"):
        return replace(message, payload=None, intent="third_party", also=(), topic=None, certain=True)
    names = message.payload is not None and message.payload.startswith("person.")
    if names and facts.borrower is not None and message.payload != f"person.{facts.borrower.id}":
        return replace(message, payload=None, intent="other", act=people.BE_ANOTHER, certain=True)
    return None
