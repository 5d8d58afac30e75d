"""Days that are none to pay: gone by, of an excuse, or of what is told then."""

import re
from dataclasses import replace
from datetime import date, timedelta

from flows.acts.words.signals import Signals
from flows.answers import plain
from flows.types.event import Message

_WEEKDAY_ALONE = re.compile(
    r"(?:(?:fue|era|el|este|on|last) )*"
    r"(?:lunes|martes|miercoles|jueves|viernes|sabado|domingo|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
    r"(?: pasado)?"
)
_COULD_NOT = re.compile(
    r"\bno (?:pude|alcance|tuve|me dio tiempo|fui|pase|logre)\b|\b(?:could ?n t|didn t) (?:make it|go|pay)"
)


_MISSED_FIRST = re.compile(
    r"\bno (?:(?:les?|te|lo) )?(?:pude|alcance a|logre|voy a poder|puedo) "
    r"(?:pagar|depositar|cubrir|dar)(?:les|te|lo)? el primero\b(?! de\b)"
)
"""«No pude pagar el primero»: of several payments, and no day."""
_AT_THE_END = re.compile(r"\b(?:lo demas|el resto|lo otro|lo que falte?) al (?:ultimo|final)\b(?! de\b)")
"""«Y lo demás al último»: no day."""
_TELLS = re.compile(
    r"\b(?:te|les?) (?:confirmo|digo|aviso|hablo|marco|escribo|llamo)\b|\bi ll (?:tell|let|call|text) you\b"
)
_OF_PAYMENT = re.compile(r"\b(?:pag|deposit|transf|abon|doy|dar|liquid|pay|send)\w*")


_OF_PARTS = ("promise_to_pay", "request_plan", "report_payment", "other")


def _is_paid_in_part(message: Message, today: date) -> bool:
    """“I paid 300 yesterday and I'll pay the rest Friday”: the first of its payments was made."""
    days = [part.date for part in message.parts if part.date]
    return len(days) > 1 and days[0] < today <= days[-1] and Signals(message.text).past


def looking_back(message: Message, today: date, done: str) -> Message:
    """«El sábado», right after «ya pagué», is the last one; «ayer no pude ir» gives no day to pay.

    `done`: the flow that ended a moment ago.
    """
    flat, day = plain(message.text), message.date
    if day is None:
        return message
    if message.intent in _OF_PARTS and _is_paid_in_part(message, today):
        return message.meaning("report_payment")
    if _AT_THE_END.search(flat):
        parts = tuple(replace(part, date=None) for part in message.parts)
        return replace(message, date=None, parts=parts)
    if _TELLS.search(flat) and message.amount is None and not _OF_PAYMENT.search(flat):
        return replace(message, date=None)  # «mañana te digo»
    if day > today and done == "payment_report" and _WEEKDAY_ALONE.fullmatch(flat):
        return replace(message, intent="other", date=day - timedelta(days=7), certain=True)
    missed = (day < today and _COULD_NOT.search(flat)) or _MISSED_FIRST.search(flat)
    return replace(message, date=None) if missed else message
