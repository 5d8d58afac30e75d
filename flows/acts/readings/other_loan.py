"""«Y el otro el lunes», «¿y del otro?», «te pago ese»: of several loans, the one that is meant by what was
spoken of.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from flows.acts.readings.plainly import INFORMED
from flows.acts.words.sums import bare_sum, for_each
from flows.answers import plain
from flows.types.event import Message
from flows.types.facts import LoanFacts

_OTHER = re.compile(
    r"\b(?:el|del|al|the) (?:otro|other)(?: (?:credito|prestamo|loan|one))?\b"
    r"(?! (?:dia|mes|ano|pago|lunes|martes|miercoles|jueves|viernes|sabado|domingo|day|month|week))"
)
_SAME = re.compile(
    r"\b(?:pag\w+|abon\w+|liquid\w+|deposit\w+|pay)\b.*\b(?:(?:es[ea]|est[ea])(?: (?:mismo|credito|"
    r"prestamo)\b|"
    r"(?= (?:el|hoy|manana|para|en)\b)|$)|(?:that|this) (?:one|loan)\b)|"
    r"^(?:y )?es[ea] (?:si )?(?:lo|la|le|te lo|se lo) (?:pag\w+|abon\w+|liquid\w+|deposit\w+)\b"
)
_GOES_ON = re.compile(
    r"(?:(?:y|and|el|lo|la|para el|este|mejor|mejor el|on) (?!.*\b(?:pague|deposite|transferi|paid|todos|"
    r"ambos|los dos|both)\b)"
    r".{1,25}|\d{2,6}(?: pesos)?)"
)
"""«¿Y dónde pago?», «el viernes»: the talk goes on about the same."""
_FOLLOWS = re.compile(
    r"(?:(?:y|e|and|pero|ok|oye|what about|how about) )+(?:(?:que hay|la|lo|el|de|del|al|con|the|for|of|"
    r"on) )*"
    r"(?:otr[oa]|other|segund[oa]|primer[oa]?|second|first|(?:mas )?(?:grande|chico)|bigger|smaller)"
    r"(?: (?:credito|prestamo|loan|one|cuanto|cuando|es))*"
)


_OF_ONE = re.compile(
    r"(?:(?:y|and|pero|mejor|yo|pago|doy|les|te|\d+|pesos) )*(?:el|del|al|the) (?:mas )?"
    r"(?:(?:credito|prestamo) )?"
    r"(?:chico|chiquito|grande|otro|segundo|primero|small|big|other|second)\b"
)


def paid_then(message: Message) -> Message:
    """«El grande el 10»: a payment of one loan, and no question about loans."""
    dated = message.intent == "promise_to_pay" and message.date is not None and "?" not in message.text
    if not dated or not _OF_ONE.match(plain(message.text)):
        return message
    return replace(message, topic=None, certain=True)


def other_meant(loans: Sequence[LoanFacts], text: str) -> LoanFacts | None:
    """Of two loans, the one of which nothing is promised or reported yet."""
    owing = [loan for loan in loans if loan.instalments]
    left = [loan for loan in owing if loan.promise is None and "payment_reported" not in loan.holds]
    alone = len(owing) == 2 and len(left) == 1
    return left[0] if alone and names_other(text) else None


def names_other(text: str) -> bool:
    return _OTHER.search(plain(text)) is not None


def adds_other(text: str) -> bool:
    """«¿Y el otro?», and nothing else: of two loans."""
    flat = plain(text)
    return _OTHER.search(flat) is not None and _FOLLOWS.fullmatch(flat) is not None


def points_at_one(text: str) -> bool:
    """«¿Y del otro?», «y del segundo»: one loan, which the flow is about."""
    return names_other(text) or _FOLLOWS.fullmatch(plain(text)) is not None


def meant_after(loans: Sequence[LoanFacts], text: str, spoken: Mapping[str, Any]) -> LoanFacts | None:
    """The loan that a text means after one was `spoken` of: that one, or of two the other."""
    last = next((loan for loan in loans if loan.id == spoken.get("loan_id")), None)
    if _SAME.search(plain(text)):
        return last
    if not names_other(text):
        return last if _GOES_ON.fullmatch(plain(text)) else None
    if len(loans) != 2:
        return None
    if last is None:  # of none by its name: the most overdue was
        return other_meant(loans, text) or (loans[1] if spoken else None)
    return loans[1] if last is loans[0] else loans[0]


def following(message: Message, loans: Sequence[LoanFacts], spoken: Mapping[str, Any]) -> Message:
    """«¿Y del otro?»: what was just answered of one loan is asked of another."""
    request = spoken.get("request", {})
    wished = request.get("intent") in (*INFORMED, "request_plan")
    informs = wished or request.get("act", "").startswith("ask.")
    if len(loans) < 2 or not informs or not _FOLLOWS.fullmatch(plain(message.text)):
        return message
    wish = {"intent": request["intent"], "act": request.get("act"), "topic": request.get("topic")}
    return replace(message, **wish, also=(), certain=True)


def to_each(message: Message, loans: Sequence[LoanFacts]) -> Message:
    """«700 a cada uno», of several loans: a payment of each."""
    message = paid_then(message)
    amount = message.amount or bare_sum(message.text)
    several = sum(bool(loan.instalments) for loan in loans) > 1
    read = message.intent in ("other", "promise_to_pay", "request_plan") or not message.certain
    if not several or not read or amount is None or not for_each(message.text):
        return message
    return replace(message, intent="promise_to_pay", amount=amount, topic=None, certain=True)
