"""What a message does, and what it asks next to that: «te pago 300 el viernes, ¿me cobran interés?»"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.acts.readings.plainly import PROTECTED, REPORTED
from flows.acts.words.signals import Signals
from flows.types.event import Message

_DOES = frozenset(
    {
        "authorize_debit",
        "change_account",
        "contact_preference",
        "promise_to_pay",
        "report_hardship",
        "report_payment",
        "request_discount",
        "request_extension",
        "request_plan",
    }
)
"""What is done although a question stands next to it. A yes or a no with a question is no plain one."""
_PROTECTS = PROTECTED | {"cancel_debit"}
WISHES: Mapping[str, frozenset[str]] = {
    "authorize_debit": frozenset({"contact_preference", "opt_out", "promise_to_pay", "report_payment"}),
    "promise_to_pay": frozenset({"contact_preference", "opt_out"}),
    "request_discount": frozenset(
        {"cancel_debit", "contact_preference", "opt_out", "report_payment", "request_extension"}
    ),
    "request_plan": frozenset({"cancel_debit", "contact_preference", "opt_out", "report_payment"}),
}
"""What may be begun when something else is done: what that may be."""
_DISPUTES = ("dispute_charge", "dispute_debt")
READ_BACK = ("promise_to_pay", "request_extension", "request_plan", "request_discount")
"""Of these, with a day or a sum, a doubtful reading is enough: it is read back."""
_OF_DEBIT = {"insurance": "debit_safety", "genuine": "debit_safety"}
"""What a question means next to the wish for a debit: «¿es seguro?»"""
_SAYS_SOMETHING = 2
"""Words; «ya, ¿cuánto era?» only asks."""
_COURTESY = ("greet", "thank")


def apart(message: Message, topics: Mapping[str, Any]) -> tuple[Message, tuple[Message, ...]]:
    """The message as it is acted on, and the questions that are answered next to it."""
    asks = tuple({_key(ask): ask for ask in message.asks if not ask.topic or ask.topic in topics}.values())
    rest = message.rest
    asks = (*asks, message.wish) if message.wish else asks
    if not asks:
        return message, ()
    if rest and rest.act is not None:
        return rest, asks
    sure = message.intent if message.certain else ""
    done = {sure, *message.also} if sure in _PROTECTS else {sure}
    if rest and rest.certain and rest.intent in _PROTECTS - done:
        read = {*message.also, *rest.also, *({message.intent} & _PROTECTS)}
        return replace(rest, also=tuple(sorted(read - {rest.intent}))), asks
    if rest and rest.certain and rest.intent == REPORTED and message.intent in _DISPUTES:
        message = replace(message, certain=False)  # «ya pagué y quiero mi carta de no adeudo»
    if _PROTECTS & {sure, *message.also}:
        return message, tuple(ask for ask in asks if _key(ask) != _key(message))
    if rest is None or rest.intent in _COURTESY or len(rest.text.split()) < _SAYS_SOMETHING:
        return (replace(asks[-1], also=message.also), asks[:-1]) if len(asks) > 1 else (message, ())
    return _done_next_to(message, rest, asks)


def _done_next_to(
    message: Message, rest: Message, asks: tuple[Message, ...]
) -> tuple[Message, tuple[Message, ...]]:
    says = Signals(rest.text)
    if says.cancel and (says.promise or says.plan) and not says.ask:  # «quiten mi promesa, ¿cuánto debo?»
        return rest, asks
    gives = rest.date is not None or rest.amount is not None
    if rest.intent not in _DOES or not (rest.certain or (gives and rest.intent in READ_BACK)):
        return message, ()
    if rest.intent == "authorize_debit":
        asks = tuple(replace(ask, topic=_OF_DEBIT.get(ask.topic or "", ask.topic)) for ask in asks)
    wishes = {ask.intent for ask in asks}
    if message.wish and "authorize_debit" in wishes:  # «y la otra que me la cobren»
        wishes.add("change_account")
    same = message.intent == rest.intent or message.intent in wishes
    if same or not message.certain or message.intent == "other":
        return replace(rest, also=message.also), asks
    return message, ()


def _key(ask: Message) -> str:
    return ask.act or ask.topic or ask.intent
