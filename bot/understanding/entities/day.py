"""Days in Mexican Spanish, resolved against today."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.understanding.entities.day_resolve import (
    WHOLE_MONTH,
    Resolve,
    day_of_month,
    in_month,
    on_day,
    weekday,
)
from bot.understanding.entities.day_rules import NO_DAY, RULES

_ANY = re.compile(
    r"\d|mañan|pasado|hoy|ayer|antier|noche|tonight|mes|quincena|semana|ocho|al rato|to(?:day|morrow)|"
    rf"yesterday|month|week|year|año|navidad|noche ?buena|christmas|reyes|virgen|guadalupana|candelaria|"
    rf"{WHOLE_MONTH}|"
    r"primero|1[er]{1,2}o|uno|first|week|ultimo|\b(?:lun|mar|mi[eé]|jue|vie|s[aá]b|dom|mon|tue|wed|thu|fri|"
    r"sat|sun)"
)
"""One of these stands in every day: most messages name none, and need not be searched eighteen times."""
_NEGATED = re.compile(
    r"\bno\b(?:(?!\b(?:pero|sino|mejor)\b)[^,.]){0,28}$|"
    r"\b(?:en vez|en lugar|instead) (?:de|del|of) (?:el |the )?$"
)
_INSTEAD = re.compile(
    r"\b(?:si no|if not|if i can'?t)(?: (?:puedo|alcanzo|se puede|then))?,? (?:(?:el|hasta|la|on|the) )*$"
)
"""«El viernes, si no el lunes»: the other of two."""
_NOT_THIS = re.compile(r" *(?:ya |pues |mejor )?no[,. ]*(?:mejor |sino |pero |el |hasta |para |pa )*")
"""Between «hoy» and «mañana»: the first is denied."""
_DONE = re.compile(
    r"(?:\bya(?: (?:yo|les?|te|lo|la|los|se))* (?:pague|deposite|abone|transferi|mande|liquide)|"
    r"^(?:(?:hola|pues|yo|les?|te|lo|la|me|si|no|pero|oigan?|oye|mir[ae]|es que|fijate|fijese|buen[ao]s|"
    r"dias|tardes|noches|disculp[ae]|perdon|que),? )*"
    r"(?:pague|deposite|abone|transferi|mande|liquide|di|entregue)|"
    r"\b(?:hice|hizo|hicieron|fui|fue|vino|vinieron|(?:les?|te) di|"
    r"me (?:cobraron|descontaron|quitaron|sacaron|cargaron|rebajaron)|murio|fallecio|enterramos|se nos fue|"
    r"(?:i|we|you)(?: already)? (?:paid|sent|deposited|transferred|charged)|"
    r"(?:was|were) (?:done|made|sent|paid)|died|passed away))"
    r"\b(?:(?!\b(?:pero|para|y)\b)[^,;:?!]){0,30}$"
)
"""What was done, right before «el viernes», which is then the last one: «ya pagué el viernes»."""
_DONE_THEN = re.compile(
    r" (?:(?:yo|ya|les?|te|lo|la|los|se) )*"
    r"(?:hice|di|transferi|fui|pague|deposite|abone|liquide|i (?:paid|sent))\b"
)
"""The same right after it: «el viernes ya les deposité»."""
_WISHED = re.compile(r"\bque (?:el )?$")
"""«Quieren que el viernes pague»: not done."""
_ALONE = re.compile(r"^\D{0,12}?\b(\d{1,2})\b\D{0,12}$")
_WEATHER = re.compile(
    r"\b(?:llov\w+|llueve|lluvia|clima|frio|calor|temperatura|pronostico|nublado|rain\w*|weather|sunny|"
    r"partido|juega)\b"
)
_PAYING = re.compile(r"\b(?:pag|abon|deposit|doy|transf|liquid|pay|send)\w*")


@dataclass(frozen=True, slots=True)
class Day:
    """A day, and where it stands in the text."""

    start: int
    end: int
    day: date


def days(flat: str, today: date, *, expected: bool) -> tuple[list[Day], str]:
    """The days that are not denied, in order, and the text with blanks for all days."""
    if not _ANY.search(flat) or (_WEATHER.search(flat) and not _PAYING.search(flat)):
        return [], flat
    found: list[Day] = []
    rest = NO_DAY.sub(lambda match: " " * len(match[0]), flat)
    for pattern, resolve in RULES:
        for match in pattern.finditer(rest):
            resolved = _looked_back(resolve, resolve(match, today), match, today)
            rest = rest[: match.start()] + " " * len(match[0]) + rest[match.end() :]
            if resolved is not None:
                found.append(Day(match.start(), match.end(), resolved))
    if not found:
        alone = _ALONE.match(rest) if expected else None
        if alone and (resolved := day_of_month(int(alone[1]), today)):
            start, end = alone.span(1)
            return [Day(start, end, resolved)], rest[:start] + " " * (end - start) + rest[end:]
        return [], rest
    found.sort(key=lambda day: day.start)
    if len(found) == 2 and _NOT_THIS.fullmatch(flat[found[0].end : found[1].start]):
        return found[1:], rest
    denied = {day.day for day in found if _is_denied(flat[max(0, day.start - 30) : day.start])}
    return [day for day in found if day.day not in denied] or found, rest


def _is_denied(before: str) -> bool:
    return _NEGATED.search(before) is not None and _INSTEAD.search(before) is None


def _looked_back(resolve: Resolve, day: date | None, match: re.Match[str], today: date) -> date | None:
    """The last such weekday or day of a month, where what was done on it stands next to it."""
    if day is None or day <= today or resolve not in (weekday, on_day) or not _is_done(match):
        return day
    return day - timedelta(days=7) if resolve is weekday else _in_month_before(day)


def _is_done(match: re.Match[str]) -> bool:
    before = match.string[: match.start()]
    if _DONE_THEN.match(match.string, match.end()) and not _WISHED.search(before):
        return True
    return _DONE.search(before) is not None


def _in_month_before(day: date) -> date | None:
    earlier = day.replace(day=1) - timedelta(days=1)
    return in_month(day.day, earlier.month, earlier.year)
