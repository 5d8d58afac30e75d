"""Hours at which to be contacted."""

import re

_BETWEEN = re.compile(
    r"\b(?:entre(?:\s+las?)?|de(?:sde)?(?:\s+las?)?|d|from|between)\s+(\d{1,2})(?::(\d\d))?\s*(?:am|"
    r"pm|hrs?|horas)?\s*(?:a|y|and|to|hasta)\s+(?:las?\s+)?(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|"
    r"pm|mañana|tarde|noche)?"
)
_AFTER = re.compile(
    r"\b(?:despues de|despuesito de|a partir de|pasando|pasadas|ya pasadas|after|"
    r"desde)\s+(?:las?\s+)?(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|pm|mañana|tarde|"
    r"noche)?(?!\s*(?:de\s+)?(?:dias?|d[e]? [a-z]+ero|pesos|semanas?|meses|enero|febrero|marzo|abril|"
    r"mayo|junio|julio|agosto|sep|oct|nov|dic))"
)
_BEFORE = re.compile(
    r"\b(?:antes de|before)\s+(?:las?\s+)(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|pm|mañana|tarde|noche)?"
)
_PARTS = (
    (re.compile(r"\b(?:en|por|x) las? mañanas?\b|\bin the morning\b|\btempranito\b"), ["07:00", "12:00"]),
    (re.compile(r"\b(?:en|por|x) las? tardes?\b|\bin the afternoon\b"), ["12:00", "19:00"]),
    (re.compile(r"\b(?:en|por|x) las? noches?\b|\bin the evening\b"), ["19:00", "22:00"]),
)

_NOT_THEN = re.compile(r"\s*,?\s*(?:ya |yo |casi )*no\b")
_NEVER = re.compile(r"\b(?:no|ni|nunca|menos|excepto|not|never|except)(?: \w+){0,3}\s*$")
"""«En la mañana no», «no me marquen en la tarde»: hours that are not meant."""


def _hour(number: str, half: str | None, *, after: bool = False) -> int | None:
    hour = int(number)
    if (half in ("pm", "tarde", "noche") and hour < 12) or (half is None and after and 1 <= hour <= 8):
        hour += 12
    return hour if 0 <= hour <= 23 else None


def _clock(hour: int, minute: str | None) -> str:
    return f"{hour:02d}:{minute or '00'}"


def time_window(flat: str) -> tuple[list[str] | None, str]:
    """`[from, until]`, and the text without it."""
    if match := _BETWEEN.search(flat):
        half = match[5]
        since, until = _hour(match[1], half), _hour(match[3], half)
        if since is not None and until is not None and half is None and 1 <= until <= 8:
            until += 12
            since = since + 12 if since <= 8 else since
        if since is not None and until is not None and since < until:
            return [_clock(since, match[2]), _clock(until, match[4])], flat[: match.start()] + " " + flat[
                match.end() :
            ]
    if (
        (match := _AFTER.search(flat))
        and (hour := _hour(match[1], match[3], after=True)) is not None
        and hour < 22
    ):
        return [_clock(hour, match[2]), "22:00"], flat[: match.start()] + " " + flat[match.end() :]
    if (
        (match := _BEFORE.search(flat))
        and (hour := _hour(match[1], match[3], after=match[3] is None and int(match[1]) < 7)) is not None
        and hour > 7
    ):
        return ["07:00", _clock(hour, match[2])], flat[: match.start()] + " " + flat[match.end() :]
    for pattern, window in _PARTS:
        match = pattern.search(flat)
        if match and not _NOT_THEN.match(flat[match.end() :]) and not _NEVER.search(flat[: match.start()]):
            return window, flat[: match.start()] + " " + flat[match.end() :]
    return None, flat
