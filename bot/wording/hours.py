"""The lender's hours and crisis line as its file words them, in English: a closed vocabulary."""

import re

_ENGLISH = {
    "lunes": "Monday",
    "martes": "Tuesday",
    "miércoles": "Wednesday",
    "miercoles": "Wednesday",
    "jueves": "Thursday",
    "viernes": "Friday",
    "sábados": "Saturdays",
    "sábado": "Saturday",
    "sabado": "Saturday",
    "domingos": "Sundays",
    "domingo": "Sunday",
    "días": "days",
    "todos": "every",
    "los": "",
    "el": "",
    "de": "from",
    "a": "to",
    "y": "and",
    "h": "",
    "hrs": "",
    "horas": "",
    "las": "",
    "excepto": "except",
    "festivos": "holidays",
}
_WORD = re.compile(r"[^\W\d_]+")


_LINE = {
    "las 24 horas y sin costo": "24 hours a day, free of charge",
    "las 24 horas": "24 hours a day",
    "y sin costo": "free of charge",
    "sin costo": "free of charge",
}


def line_in_english(text: str) -> str:
    """The name of a line stays as it is."""
    for spanish, english in _LINE.items():
        text = text.replace(spanish, english)
    return text


def in_english(text: str) -> str:
    """«lunes a viernes de 9 a 18 h» → “Monday to Friday from 9 to 18”; other words stay as they are."""
    words = _WORD.sub(lambda match: _ENGLISH.get(match[0].lower(), match[0]), text)
    return re.sub(r"\s+([,.]|$)", r"\1", re.sub(r" {2,}", " ", words)).strip()
