"""What a message does, and what it asks next to that: «te pago 300 el viernes, ¿me cobran interés?»"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.acts.readings.opting_out import NO_CALLS, only_calls
from flows.acts.readings.plainly import PROTECTED, REPORTED
from flows.acts.words.signals import Signals
from flows.answers import plain
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
_AT_ONCE = frozenset({"cancel_debit", "contact_preference", "opt_out", "report_payment"})
_ASKING = frozenset({"promise_to_pay", "request_discount", "request_extension"})
WISHES: Mapping[str, frozenset[str]] = {
    "authorize_debit": (_AT_ONCE | _ASKING) - {"cancel_debit"},
    "change_account": (_AT_ONCE | _ASKING) - {"cancel_debit"},
    "request_plan": _AT_ONCE | {"authorize_debit", "change_account", "request_discount", "request_extension"},
    "request_discount": _AT_ONCE | {"promise_to_pay", "request_extension"},
    "request_extension": frozenset({"contact_preference", "opt_out"}),
    "promise_to_pay": frozenset({"contact_preference", "opt_out", "request_extension"}),
}
"""What may be begun when something else is done: what that may be. Those that take longest come first; two
that are one wish («una prórroga, pago el viernes») are none.
"""
_DISPUTES = ("dispute_charge", "dispute_debt")
READ_BACK = ("promise_to_pay", "request_extension", "request_plan", "request_discount")
"""Of these, with a day or a sum, a doubtful reading is enough: it is read back."""
_OF_DEBIT = {"insurance": "debit_safety", "genuine": "debit_safety"}
"""What a question means next to the wish for a debit: «¿es seguro?»"""
_SUPPOSES = re.compile(r"(?:(?:y|pero|and|but) )*(?:cuando|una vez que|when|once) ")
"""«Cuando pague el viernes, ¿dónde deposito?»: only a question."""
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
        read = {*message.also, *rest.also, *({sure} & _PROTECTS)}
        return replace(rest, also=tuple(sorted(read - {rest.intent}))), asks
    if rest and rest.certain and rest.intent == REPORTED and message.intent in _DISPUTES:
        message = replace(message, certain=False)  # «ya pagué y quiero mi carta de no adeudo»
    if _PROTECTS & {sure, *message.also}:
        alone = rest is not None and rest.certain and rest.intent == sure
        does = replace(rest, also=message.also) if rest and alone else message
        if does is not message and only_calls(does.text):
            does = replace(does.acting(NO_CALLS), also=message.also)
        return does, tuple(ask for ask in asks if _key(ask) != _key(message))
    if rest is None or rest.intent in _COURTESY or len(rest.text.split()) < _SAYS_SOMETHING:
        return (replace(asks[-1], also=message.also), asks[:-1]) if len(asks) > 1 else (message, ())
    return _done_next_to(message, rest, asks)


def _done_next_to(
    message: Message, rest: Message, asks: tuple[Message, ...]
) -> tuple[Message, tuple[Message, ...]]:
    says = Signals(rest.text)
    if says.cancel and (says.promise or says.plan) and not says.ask:  # «quiten mi promesa, ¿cuánto debo?»
        return rest, asks
    if _SUPPOSES.match(plain(rest.text)):
        return asks[-1], asks[:-1]
    gives = rest.date is not None or rest.amount is not None
    if rest.intent not in _DOES or not (rest.certain or (gives and rest.intent in READ_BACK)):
        return message, ()
    if rest.intent == "authorize_debit":
        asks = tuple(replace(ask, topic=_OF_DEBIT.get(ask.topic or "", ask.topic)) for ask in asks)
    wishes = {ask.intent for ask in asks}
    if message.wish and "authorize_debit" in wishes:  # «y la otra que me la cobren»
        wishes.add("change_account")
    asked = message.intent.startswith("ask_") or message.intent in wishes
    same = message.wish or asked or message.intent == rest.intent
    if same or not message.certain or message.intent == "other":
        return replace(rest, also=message.also), asks
    return message, ()


def _key(ask: Message) -> str:
    return ask.act or ask.topic or ask.intent
