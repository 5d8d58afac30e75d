"""What a message names: amounts, days, accounts, phones … Exact or absent: a wrong one is worse than none."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from text_to_num import alpha2digit

from bot.understanding.entities.account import accounts
from bot.understanding.entities.amount import amount, sums
from bot.understanding.entities.channel import channel
from bot.understanding.entities.day import days
from bot.understanding.entities.day_resolve import WEEKDAYS
from bot.understanding.entities.either import either
from bot.understanding.entities.frequency import frequency, instalments
from bot.understanding.entities.parts import Part, loans, now, parts
from bot.understanding.entities.phone import phone
from bot.understanding.entities.spelling import spell
from bot.understanding.entities.window import time_window

__all__ = ["NOTHING", "Named", "Part", "find"]


@dataclass(frozen=True, slots=True)
class Named:
    """`entities`: in the forms of the labels page. `parts`: sums and days in pairs, where a message holds
    more than one sum and one day.
    """

    entities: dict[str, Any]
    parts: tuple[Part, ...] = ()
    either: tuple[Part, ...] = ()
    """Days and sums of which one is meant, where the message leaves open which."""


NOTHING = Named({})


def find(flat: str, today: date, expecting: str | None) -> Named:
    """What `plain` text names."""
    found, rest = accounts(flat)
    number, rest = phone(rest)
    if number:
        found["phone"] = number
    rest = digits(spell(rest))
    if expecting == "date":
        rest = _BETWEEN_DAYS.sub(r"el \1", rest)
    window, rest = time_window(rest)
    often, rest = frequency(rest)
    dated = rest
    counted = instalments(rest)[0] is not None  # «en 2 pagos», to the question of a day
    named, rest = days(rest, today, expected=expecting == "date" and not counted)
    count, rest = instalments(rest)
    anchors = [(day.start, day.end) for day in named] + loans(dated) + now(rest, today, named)
    paying = count is not None or often is not None
    money = sums(rest, expected=expecting == "amount", paying=paying, anchors=anchors)
    values = {
        "amount": amount(money),
        "date": named[-1].day.isoformat() if named else None,
        "frequency": often,
        "instalments": count,
        "time_window": window,
        "channel": channel(flat),
    }
    entities = found | {name: value for name, value in values.items() if value is not None}
    return Named(entities, parts(rest, money, named, today, count, dated), either(rest, named, today))


_BETWEEN_DAYS = re.compile(
    r"\bentre (?:el )?\d{1,2} (?:y|o) (?:el )?(\d{1,2})\b(?! ?(?:de la|horas|hrs|h|pm|am|pesos|mil)\b)"
)
"""«Entre 10 y 15» to the question of a day: by the later one, and no hours."""
_COURTESY = re.compile(r"\bmil (?=gracias|disculpas|perdones|veces|bendiciones|cosas|problemas|formas)")
_PAID = "|".join(
    f"(?<=\\b{verb} )"
    for verb in (
        "pago",
        "pague",
        "doy",
        "di",
        "abono",
        "abone",
        "mando",
        "mande",
        "deposito",
        "deposite",
        "transfiero",
        "transferi",
        "son",
        "por",
    )
)
_NO_DAY = "".join(f"(?<!\\b{word} )" for word in ("el", "al", "del", "dia", *WEEKDAYS))
_SPACED = re.compile(
    rf"(?<=\$)(\d{{1,3}}) (?=\d{{3}}\b)|{_NO_DAY}(?<![\d.,])(\d{{1,3}}) (?=\d{{3}} ?(?:pesos|varos)\b)|"
    rf"^(\d{{1,2}}) (?=\d{{3}}$)|\b(\d{{1,3}})['’](?=\d{{3}}\b)|(?:{_PAID})(\d{{1,2}}) (?=\d{{3}}\b(?! ?\d))"
)
"""«$1 500», «1 500 pesos», «pago 1 500 hoy», «1 500» alone, «1'500»; «el 5 300 pesos» is a day and a sum."""
_DAY_THEN_SUM = re.compile(r"\b((?:el|dia) (?:[12]?\d|3[01])) (?=\$?\d{3,5}\b)")
"""«El 4 300»: of the 4th, 300."""
_POINTED = re.compile(r"(?<![\d.,/\-])([1-9]\d{0,2})\.(\d{3})(?:,(\d{2}))?(?![\d.,]\d|\d)")
"""«1.500», «1.500,00»: a point marks thousands where three digits follow it."""
_COMMA = re.compile(r"(?<![\d.,])(\d{3,}),(\d{2})(?![\d.,]\d|\d)")
"""«500,50»."""
_CENTS = re.compile(r"(\d)( pesos)? con (\d\d)(?: centavos\b| 1/100|(?= pesos\b| ?[.,]? ?$))")
"""«850 pesos con 50 centavos», «850 con 50»; text2num makes the word «1/100»."""
_THOUSANDS = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:\.\d)?)\s*mil\b(?! (?:veces|personas|llamadas|mensajes|disculpas|gracias))"
)
_ENGLISH = re.compile(
    r"\b(?:i'?ll|i'?m|i|it|you|the|pay|please|my|on|in|will|can|would|for|and|by|into|next|days?|weeks?|months?|payments?|"
    r"bucks|dollars|today|tomorrow|friday|monday)\b"
)
_ENGLISH_NUMBER = re.compile(
    r"\b(?:hundred|thousand|four|five|six|seven|eight|nine|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)\b"
)


_NOTES = re.compile(r"\b(\d) billetes? de \$?(20|50|100|200|500|1000)\b")
"""«2 billetes de 200»."""
_SHORT_HUNDREDS = re.compile(rf"(?:{_PAID})([1-9]) ([2-9]0)\b(?! ?(?:\d|centavos|pagos|partes))")
"""«Abono tres cincuenta»: 350."""
_DASHED = re.compile(r"(?<=\d)\.-(?!\d)")
"""«500.-»."""


def digits(flat: str) -> str:
    """Number words as digits: «mil quinientos» → 1500, «2 mil quinientos» → 2500; «mil gracias» is no
    number.
    """
    flat = _DAY_THEN_SUM.sub(r"\1, ", flat)
    flat = _SPACED.sub(lambda match: next(filter(None, match.groups())), _COURTESY.sub("", flat))
    flat = _POINTED.sub(lambda match: f"{match[1]}{match[2]}.{match[3] or '00'}", flat)
    flat = _COMMA.sub(r"\1.\2", flat)
    flat = _THOUSANDS.sub(lambda match: f"${int(float(match[1]) * 1000)}", flat)
    english = len(set(_ENGLISH.findall(flat))) > 1 or _ENGLISH_NUMBER.search(flat)
    flat = alpha2digit(flat, "en" if english else "es")
    flat = _FEW.sub(lambda match: _FEWS[match[0]], flat)
    flat = _SUMS.sub(lambda match: str(int(match[1]) + int(match[2])), flat)
    flat = _SHORT_HUNDREDS.sub(r"\1\2", flat)
    flat = _NOTES.sub(lambda match: f"${int(match[1]) * int(match[2])}", flat)
    return _CENTS.sub(r"\1.\3\2", _DASHED.sub(" pesos", flat))


_FEWS = {"dos": "2", "tres": "3", "primero": "1", "primer": "1"}
_FEW = re.compile(
    r"\b(dos|tres)\b(?= (?:pag(?:o|ito)s|parte|abon|exhibicion|cach|jalon|tanda|parcialidad|mensualidad|"
    r"dia))|"
    r"(?<=\bel dia )(dos|tres)\b|(?<=\ben )(dos|tres)\b(?= *(?:[.,!?]|y ya|$))|\b(primero?)\b(?= de [a-z])"
)
"""text2num leaves numbers up to three as words, since «un» and «una» seldom count."""
_SUMS = re.compile(r"\b(\d{1,3}000) (\d{2,3})\b(?! ?(?:pesos|varos))")
