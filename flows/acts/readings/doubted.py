"""A doubt that needs no asking back: what follows reads it back anyway, or is a person."""

import re
from dataclasses import replace
from datetime import date

from flows.acts.readings.plainly import INFORMED, REPORTED
from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.types.event import Message

_GRAVE = 0.3
"""From here on what may be a vulnerable person's word is taken for one: to ask back would be the greater
fault.
"""
_LIKELY = 0.5
"""From here on a reading that harms nobody is answered: of 809 messages that the model was not trained on a
third of these are wrong, and to ask back each time would be worse.
"""
_HARMLESS = INFORMED | {
    "ask_identity",
    "authorize_debit",
    "change_account",
    "greet",
    "promise_to_pay",
    "request_discount",
    "request_extension",
    "request_plan",
    "thank",
}
"""What answers, asks on or reads back, and binds nobody."""
_OF_ACCOUNT = re.compile(
    r"domicili|automat|debit|cargo|cobr|descuent|descont|cuenta|clabe|tarjeta|banco|bank|account|card|charge|"
    r"auto ?pay|\d{4}"
)
"""What names an account; without it a doubtful reading starts nothing that asks for one."""
_DAY_ALONE = 3
"""Words of «el lunes», which asks for no due date."""
_MAY_PROMISE = frozenset(
    {"promise_to_pay", "request_extension", "request_plan", "contact_preference", "other", "greet"}
)
"""What a day to come is given with, where its reading is in doubt; unless it also gives hours or parts."""


def sure_enough(message: Message, today: date, *, free: bool) -> Message:
    """The message as certain, where to ask back would be the greater fault."""
    by_turns = message.date is None and message.entities.get("frequency")
    if free and message.intent == "promise_to_pay" and by_turns:  # «puedo dar 100 a la semana»
        return replace(message, intent="request_plan", certain=True)
    if message.certain:
        return message
    if Signals(message.text).if_paid and message.topic is not None:
        return replace(message, intent="other", certain=True)
    return _in_doubt(message, today, free=free)


_PLEASE = re.compile(r"(?:(?:por ?favor(?:cito)?|porfas?|porfis|please|pls|plis|plz) ?)+")


def _in_doubt(message: Message, today: date, *, free: bool) -> Message:
    if _PLEASE.fullmatch(plain(message.text)):
        return message.meaning("affirm")
    told = Signals(message.text).paid_already and "?" not in message.text
    paid = message.intent == REPORTED and told
    promises = free and message.date is not None and message.amount is not None and not paid
    if promises and "promise_to_pay" in message.alternatives:
        return replace(message, intent="promise_to_pay", certain=True)
    grave = message.intent == "report_vulnerability" and message.confidence >= _GRAVE
    gives = message.date is not None or message.amount is not None
    likely = message.intent in _HARMLESS and message.confidence >= _LIKELY
    likely = likely and not (gives and message.intent == "greet")  # «como en 15 días»
    if message.intent in ("authorize_debit", "change_account"):  # «mejor que sean 3», «¿y la otra?»
        likely = likely and _OF_ACCOUNT.search(plain(message.text)) is not None
    if message.intent == REPORTED:  # «te estoy diciendo que ya pagué, carajo»
        likely = paid
    # «mejor el sábado», read as a wish for a person
    person = message.intent == "talk_to_human" and not (
        gives and "promise_to_pay" in message.alternatives[:2]
    )
    if grave or likely or person:
        return replace(message, certain=True)
    gives = free and gives
    if gives and message.intent in ("promise_to_pay", "request_extension"):
        return replace(message, certain=True, topic=None)
    to_come = message.date is not None and message.date >= today and "?" not in message.text
    bare = to_come and message.amount is None and not message.entities
    day_alone = message.intent == "ask_due_date" and len(message.text.split()) <= _DAY_ALONE
    not_paid = message.intent == "report_payment" and not Signals(message.text).past
    if free and bare and (message.intent in _MAY_PROMISE or not_paid or day_alone):
        return replace(message, intent="promise_to_pay", certain=True, topic=None)
    if gives and message.intent == "request_plan":
        return replace(message, certain=True, topic=None)
    return message
