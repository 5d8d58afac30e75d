"""How often, and in how many parts."""

import re

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
            r"\bquincenal\w*|\b(?:por|cada|x|de a) ?quincenas?\b|\bcada (?:15|16) (?:dias|d)\b|\b\d+ quincenas\b"
        ),
    ),
    (
        "weekly",
        re.compile(
            r"\bsemanal\w*|\b(?:por|cada|x|a la) semana\b|\bcada 8 dias\b|\ba week\b|\bweekly\b|\bevery week\b|\b\d+ semanas\b(?= de| pag)"
        ),
    ),
    (
        "monthly",
        re.compile(
            r"\bmensual(?!idades)\w*|\b(?:al|por|cada|x) mes\b|\bmonthly\b|\ba month\b|\bevery month\b"
        ),
    ),
)
_PARTS = re.compile(
    r"\b(?:en|a|de|in|hacer|hagan|hace)\s+(\d{1,2})\s+(?:pagos?|pagitos?|partes?|meses|mensualidades|quincenas?|semanas?|exhibiciones|abonos?|parcialidades|payments?|months)\b|"
    r"\b(\d{1,2})\s+(?:pagos|pagitos|partes|mensualidades|abonos|parcialidades|exhibiciones|quincenas)\b"
)
_MOST_PARTS = 60


def frequency(flat: str) -> tuple[str | None, str]:
    for name, pattern in _OFTEN:
        if match := pattern.search(flat):
            kept = match[0] if re.match(r"\d", match[0]) else " "
            return name, flat[: match.start()] + kept + flat[match.end() :]
    return None, flat


def instalments(flat: str) -> tuple[int | None, str]:
    if (match := _PARTS.search(flat)) and 2 <= int(match[1] or match[2]) <= _MOST_PARTS:
        return int(match[1] or match[2]), flat[: match.start()] + " " + flat[match.end() :]
    return None, flat
