"""Hours at which to be contacted."""

import re

_BETWEEN = re.compile(
    r"\b(?:(?:entre(?:\s+las?)?|de(?:sde)?(?:\s+las?)?|d|from|between)\s+|"
    r"(?=\d{1,2} (?:a|to) \d{1,2} ?(?:am|pm|de la)\b))(\d{1,2})(?::(\d\d))?\s*(?:(am|pm)|"
    r"hrs?|horas)?\s*(?:a|y|and|to|hasta)\s+(?:las?\s+)?(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|"
    r"pm|mañana|tarde|noche)?"
)
_AFTER = re.compile(
    r"\b(?:despues de|despuesito de|a partir de|pasando|pasadas|ya pasadas|after|"
    r"de(?=\s+las?\s+[\d:]+(?: de la [a-z]+| ?[ap]m)? (?:en|para) adelante)|"
    r"desde)\s+(?:las?\s+)?(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|pm|mañana|tarde|"
    r"noche)?(?!\s*(?:de\s+)?(?:dias?|d[e]? [a-z]+ero|pesos|semanas?|mes(?:es)?|a[ñn]i?os?|minutos?|pagos?|"
    r"enero|febrero|marzo|abril|mayo|junio|julio|agosto|sep|oct|nov|dic))"
)
_BEFORE = re.compile(
    r"\b(?:antes de\s+las?|before)\s+(\d{1,2})(?::(\d\d))?\s*(?:de la\s+)?(am|pm|mañana|tarde|noche)?"
    r"(?!\d|\s*(?:th|st|nd|rd|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))"
)
_PARTS = (
    (
        re.compile(r"\b(?:en|por|x) las? mañan(?:ita|as?)\b|\bin the mornings?\b|\btempranito\b"),
        ["07:00", "12:00"],
    ),
    (re.compile(r"\b(?:en|por|x) las? tard(?:ecita|es?)\b|\bin the afternoons?\b"), ["12:00", "19:00"]),
    (re.compile(r"\b(?:en|por|x) las? noch(?:ecita|es?)\b|\bin the evenings?\b"), ["19:00", "22:00"]),
)

_NOT_THEN = re.compile(r"\s*,?\s*(?:ya |yo |casi )*no\b(?! antes| despues)")
_NEVER = re.compile(
    r"\b(?:no|ni|nunca|menos|excepto|sin|nada de|dej[ae]n? de|not|never|except|don'?t|stop)"
    r"(?: (?!hasta\b)[\w']+){0,3}\s*$"
)
"""«En la mañana no», «no me marquen en la tarde»: hours that are not meant."""
_MAY_YOU = re.compile(r"\bno (?:me |nos |se )?(?:pued|podr)[^?]*\?")
"""«¿No me pueden marcar después de las 6?» asks for those hours."""
_BUSY = r"(?:trabaj\w+|chamb\w+|ocupad[oa]|duermo|turno|clases|la escuela|junta|work(?:ing)?|busy|asleep)"
_BUSY_THEN = re.compile(rf"\s*,?\s*(?:(?:yo|ya|estoy|ando|en|el|i|i'?m|am) )*{_BUSY}\b")
_BUSY_AT = re.compile(rf"\b{_BUSY}(?: [a-zñ]+){{0,2}}\s*$")
"""«Trabajo de 9 a 6»: hours at which nobody answers."""
_PREFERRED = re.compile(r"\b(?:mejor|prefiero|preferiria|solo|better|rather|only)(?: [a-zñ]+){0,2} $")
_HALF = re.compile(r"(?:(?<=las \d)|(?<=las \d\d)) y (media|cuarto)\b")
_FIRST, _LAST = "07:00", "22:00"


def _hour(number: str, half: str | None, *, after: bool = False) -> int | None:
    hour = int(number)
    if (half in ("pm", "tarde", "noche") and hour < 12) or (half is None and after and 1 <= hour <= 8):
        hour += 12
    return hour if 0 <= hour <= 23 else None


def _clock(hour: int, minute: str | None) -> str:
    return f"{hour:02d}:{minute or '00'}"


def time_window(flat: str) -> tuple[list[str] | None, str]:
    """`[from, until]`, and the text without it."""
    flat = _HALF.sub(lambda match: ":30" if match[1] == "media" else ":15", flat)
    if (match := _BETWEEN.search(flat)) and (window := _between(match)):
        busy = _BUSY_THEN.match(flat[match.end() :]) or _BUSY_AT.search(flat[: match.start()])
        return None if busy or _refused(flat, match) else window, _without(flat, match)
    if (match := _AFTER.search(flat)) and (window := _after(match, refused=_refused(flat, match))):
        return window, _without(flat, match)
    if (match := _BEFORE.search(flat)) and (window := _before(match, refused=_refused(flat, match))):
        return window, _without(flat, match)
    parts = [
        (not _PREFERRED.search(flat[: match.start()]), match.start(), match, window)
        for pattern, window in _PARTS
        if (match := pattern.search(flat)) and not _refused(flat, match)
    ]
    if not parts:
        return None, flat
    *_, match, window = min(parts, key=lambda part: part[:2])
    return window, _without(flat, match)


def _refused(flat: str, match: re.Match[str]) -> bool:
    around = _NOT_THEN.match(flat[match.end() :]) or _NEVER.search(flat[: match.start()])
    return around is not None and not _MAY_YOU.search(flat)


def _without(flat: str, match: re.Match[str]) -> str:
    return flat[: match.start()] + " " + flat[match.end() :]


def _between(match: re.Match[str]) -> list[str] | None:
    half = match[6]
    since, until = _hour(match[1], match[3] or half), _hour(match[4], half)
    if since is None or until is None:
        return None
    if half is None and 1 <= until <= 8:
        until += 12
        since = since + 12 if since + 12 < until else since
    return [_clock(since, match[2]), _clock(until, match[5])] if since < until else None


def _after(match: re.Match[str], *, refused: bool) -> list[str] | None:
    """«No después de las 9» is of the evening."""
    if refused:
        hour = _hour(match[1], match[3] or ("noche" if 0 < int(match[1]) <= 10 else None))
        return None if hour is None or hour <= 7 else [_FIRST, min(_clock(hour, match[2]), _LAST)]
    hour = _hour(match[1], match[3], after=True)
    return None if hour is None or hour >= 22 else [_clock(hour, match[2]), _LAST]


def _before(match: re.Match[str], *, refused: bool) -> list[str] | None:
    hour = _hour(match[1], match[3], after=match[3] is None and int(match[1]) < 7)
    if hour is None or hour <= 7 or (refused and hour >= 22):
        return None
    return [_clock(hour, match[2]), _LAST] if refused else [_FIRST, _clock(hour, match[2])]
