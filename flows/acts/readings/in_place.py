"""What a message means by the conversation that is on top."""

import re
from dataclasses import replace

from flows.acts.readings.later import TALK_LATER, talks_later
from flows.acts.readings.terms import PAYOFF
from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.engine import Frame
from flows.types.event import Message

NO_MONEY = "no_money_that_day"
"""The topic of what happens where the money is not there on the day; a lender's file may lack it."""
NO_FUNDS = "debit_no_funds"
_TOPICS = {
    ("mandate", "insurance"): "debit_safety",
    ("mandate", "genuine"): "debit_safety",
    ("mandate", NO_MONEY): NO_FUNDS,
    ("charge_moved", "contact"): "debit_how",
    ("extension", "contact"): "payment_time",
    ("plan", "contact"): "payment_time",
    ("promise", "contact"): "payment_time",
}
"""(flow, topic) → the topic that is meant there."""
_IF_CANCELLED = re.compile(
    r"\b(?:si|puedo|como|if i|can i) (?:(?!no\b)\w+ ){0,3}?(?:cancel\w*|quit\w*|arrepient\w*|sal(?:go|ir)\w*)"
)
_MOST = re.compile(r"\b(?:cuanto|cual|que|how|what)\b.*\b(?:maximo|tope|limite|mas que|maximum|limit|most)\b")
CANCELS_IT = re.compile(
    r"(?:(?:no|mejor|ya|siempre|entonces|pues|ok|oye|better) )*"
    r"(?:cancel|quit|borr|elimin|anul)(?:alo|ala|enlo|enla|emoslo|amelo|enmelo| it)"
    r"(?: (?:mejor|ya|por favor|porfa|please))*"
)
_ASKS_WHY = re.compile(r"\b(?:para que|por que|why)\b.*\b(?:clabe|cuenta|banco|datos|account|bank)\b")
_IS_SAFE = re.compile(r"\b(?:segur[oa]|confiable|de fiar|safe)\b")
_RHYTHM_ALONE = re.compile(
    r"(?:(?:si|ok|va|es|cada|yes|it s) )*(?:quincenal|mensual|semanal|quincena|mes|semana|monthly|"
    r"weekly|biweekly)"
    r"(?:mente)?(?: (?:si|esta bien|ok|porfa|por favor))*"
)
_AND_IF = re.compile(r"(?:y|and|what) (?:si|if) ")
"""«¿Y si es hoy?»: the question that was just answered, of another day."""


def act_in_place(message: Message, stack: tuple[Frame, ...]) -> Message | None:
    """The act that only the place makes it; null where it is none."""
    if stack and stack[-1].flow == "payoff" and message.date and _AND_IF.match(plain(message.text)):
        return replace(message, intent="ask_balance", act=PAYOFF, topic=None, certain=True)
    if (
        stack
        and (stack[-1].flow, stack[-1].state) == ("mandate", "terms")
        and _names_term(message, stack[-1])
    ):
        return replace(message, intent="affirm", topic=None, certain=True)
    at_terms = bool(stack) and (stack[-1].flow, stack[-1].state) == ("mandate", "terms")
    if at_terms and talks_later(message):
        return message.acting(TALK_LATER)
    if _of_this_charge(message, stack):
        return message.acting("cancel.charge")
    return None


def _names_term(message: Message, frame: Frame) -> bool:
    """The bank or the rhythm that stands in the terms: they are read, and not changed."""
    flat, bank = plain(message.text), plain(frame.slots.get("bank", ""))
    return bool(bank and flat == bank) or _RHYTHM_ALONE.fullmatch(flat) is not None


def _of_this_charge(message: Message, stack: tuple[Frame, ...]) -> bool:
    """«Entonces quítenlo», «que no se haga», where another day for a charge is asked: not the debit."""
    asked = bool(stack) and stack[-1].flow == "charge_moved" and message.intent == "cancel_debit"
    says = Signals(message.text)
    this_once = says.not_charge and not (says.debit or says.every or says.marked)
    return asked and (this_once or CANCELS_IT.fullmatch(says.flat) is not None)


_BEGINS = re.compile(
    r"\b(?:cuando|desde cuando|when)\b.*"
    r"\b(?:empie[zc]\w+|empe[zc]\w+|comen[zc]\w+|inici\w+|primer|start\w*|first)\b"
)
_LASTS = re.compile(
    r"\b(?:cuanto (?:tiempo )?dura|hasta cuando (?:es|dura|va)|que vigencia|how long (?:does it|is it))\b"
)


def _of_time(message: Message) -> str | None:
    """«¿Cuándo empezarían?», «¿cuánto dura?»: of the debit that is spoken of."""
    flat = plain(message.text)
    return "debit_how" if _BEGINS.search(flat) else "debit_ending" if _LASTS.search(flat) else None


def in_place(message: Message, stack: tuple[Frame, ...]) -> Message:
    """A question means what the talk is about: «¿es seguro?» where an account is asked for."""
    top = stack[-1] if stack else None
    if (
        top
        and top.flow == "mandate"
        and not top.slots.get("change")
        and message.act in ("ask.charge", "ask.debit")
    ):
        return replace(message, act=None, topic="debit_how")
    if top and top.flow == "mandate" and message.topic is None and _IF_CANCELLED.search(plain(message.text)):
        return replace(message, topic="debit_ending")
    if top and top.flow == "mandate" and message.topic is None and _MOST.search(plain(message.text)):
        return replace(message, topic="debit_how")
    if top and top.flow == "mandate" and (topic := _of_time(message)):
        return replace(message, intent="other", topic=topic, date=None, certain=True)
    safe = top and top.flow == "mandate" and message.topic in (None, "clabe_where") and "?" in message.text
    why = top and top.flow == "mandate" and _ASKS_WHY.search(plain(message.text))
    if why or (safe and _IS_SAFE.search(plain(message.text))):
        return replace(message, topic="debit_safety", intent="other", certain=True)
    found = _TOPICS.get((stack[-1].flow if stack else "", message.topic or ""))
    if message.topic == "contact" and "hora" not in plain(message.text).split():
        return message
    return replace(message, topic=found) if found else message
