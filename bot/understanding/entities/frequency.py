"""How often, and in how many parts."""

import re

_FOR_EACH = r"\ba(?:(?<=\d a)|(?<=pesos a)|(?<=bucks a)|(?<=once a))"
"""«50 a week»; "give me a week" is a wish for time."""
_WEEKDAY = (
    r"(?:lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_OFTEN = (
    (
        "fortnightly",
        re.compile(
            r"\bcatorcen\w+|\bcada 14 dias\b|\bcada 2 semanas\b|\bcada dos semanas\b|\bevery two weeks\b"
        ),
    ),
    (
        "semimonthly",
        re.compile(
            r"\bquincenal\w*|\b(?:por|cada|x|de a) ?quincenas?\b|\bcada (?:15|16) (?:dias|d)\b|"
            r"\bquincena (?:con|a|por) quincena\b|"
            r"\b\d+ quincenas\b|\btwice a month\b|\b(?:2|dos) veces (?:al|por|cada) mes\b|"
            r"(?:(?<=\d )|(?<= pesos ))a la quincena\b|"
            r"\b(?:los )?(?:dias )?15 y (?:los )?(?:30|ultimos?|fin(?:es)? de mes)\b"
        ),
    ),
    (
        "weekly",
        re.compile(
            r"\bsemanal\w*|\b(?:por|cada|a la) semana\b|(?:(?<![a-z])x|/) ?semana\b|\bcada 8 dias\b|"
            rf"\bsemana (?:con|a|por) semana\b|(?:{_FOR_EACH}|\bper) week\b|\bweekly\b|\bevery week\b|"
            r"\b\d+ semanas\b(?= de| pag)|"
            rf"\b(?:cada|todos los|every|each) {_WEEKDAY}\b|"
            rf"\blos {_WEEKDAY}\b(?= (?:\w+ ){{0,3}}\$? ?\d{{3}})"
        ),
    ),
    (
        "monthly",
        re.compile(
            r"\bmensual(?!idad)\w*|\b(?:al|por|cada|x) mes\b|\bmes (?:con|a|por) mes\b|"
            rf"\bmonthly\b|(?:{_FOR_EACH}|\bper) month\b|\bcada (?=dia \d{{1,2}}\b)|"
            r"\bevery month\b|\bmonth by month\b"
        ),
    ),
)
_PART = (
    r"(?:pag(?:o|ito)s|part(?:e|e[cs]it[oa])s|cach(?:o|ito)s|pedacitos|jalones|tandas|exhibiciones|abon(?:o|ito)s|parcialidades|"
    r"mensualidades|quincenas|payments|parts|instal?lments)"
)
_PARTS = re.compile(
    rf"\b(?:en|a|de|in|into|over|hacer|hagan|hace)\s+(\d{{1,2}})\s+(?:{_PART}|meses|semanas|months)\b|"
    rf"\b(\d{{1,2}})\s+(?:{_PART}|(?:payment|part|instal?lment) (?:one|plan|option))\b|"
    r"\b(?:divid|part(?!e)|separ|split)\w*(?: \w+){0,2} (?:en|in|into) (\d{1,2})\b(?! (?:de|dias|days))"
)
_MOST_PARTS = 60


def frequency(flat: str) -> tuple[str | None, str]:
    """How often, and the text without it."""
    for name, pattern in _OFTEN:
        if match := pattern.search(flat):
            kept = match[0] if re.match(r"\d", match[0]) else " "
            return name, flat[: match.start()] + kept + flat[match.end() :]
    return None, flat


def instalments(flat: str) -> tuple[int | None, str]:
    """In how many parts, and the text with a blank for it."""
    if (match := _PARTS.search(flat)) and 2 <= int(match[match.lastindex or 0]) <= _MOST_PARTS:
        return int(match[match.lastindex or 0]), flat[: match.start()] + " " * len(match[0]) + flat[
            match.end() :
        ]
    return None, flat
