"""Days that are none to pay: gone by, of an excuse, or of what is told then."""

import re
from dataclasses import replace
from datetime import date, timedelta

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


_TELLS = re.compile(
    r"\b(?:te|les?) (?:confirmo|digo|aviso|hablo|marco|escribo|llamo)\b|\bi ll (?:tell|let|call|text) you\b"
)
_OF_PAYMENT = re.compile(r"\b(?:pag|deposit|transf|abon|doy|dar|liquid|pay|send)\w*")


def looking_back(message: Message, today: date, done: str) -> Message:
    """«El sábado», right after «ya pagué», is the last one; «ayer no pude ir» gives no day to pay.

    `done`: the flow that ended a moment ago.
    """
    flat, day = plain(message.text), message.date
    if day is None:
        return message
    if _TELLS.search(flat) and message.amount is None and not _OF_PAYMENT.search(flat):
        return replace(message, date=None)  # «mañana te digo»
    if day > today and done == "payment_report" and _WEEKDAY_ALONE.fullmatch(flat):
        return replace(message, intent="other", date=day - timedelta(days=7), certain=True)
    return replace(message, date=None) if day < today and _COULD_NOT.search(flat) else message
