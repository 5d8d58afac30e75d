"""How each form of a day is written, and resolved against today."""

import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from datetime import date, timedelta

from values import nominal_quincena

_MONTHS = (
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
)
_MONTH = "|".join((*_MONTHS, "setiembre", *(name[:3] for name in _MONTHS)))
_MONTH_NAMES = {
    name: n for names in (_MONTHS, month_name[1:]) for n, name in enumerate(map(str.lower, names), 1)
}
WHOLE_MONTH = "|".join(_MONTH_NAMES)
_ENGLISH_SHORT = {name.lower(): n for n, name in enumerate(month_abbr) if name not in ("", "Mar")} | {
    "sept": 9
}
"""«Mar 5» is a Tuesday in Spanish."""
_WEEKDAYS = {
    "lunes": 0,
    "martes": 1,
    "miercoles": 2,
    "jueves": 3,
    "viernes": 4,
    "sabado": 5,
    "domingo": 6,
    "monday": 0,
    "tuesday": 1,
    "wednesday": 2,
    "thursday": 3,
    "friday": 4,
    "saturday": 5,
    "sunday": 6,
    "lun": 0,
    "mier": 2,
    "juev": 3,
    "vier": 4,
    "vie": 4,
    "sab": 5,
    "dom": 6,
}
_WEEKDAY = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
NO_DAY = re.compile(
    rf"\b(?:los|cada)\s+(?:{_WEEKDAY})s?\b|\b(?:no|ni)(?:\s+[a-zñ]+){{0,4}}\s+en\s+(?:{_WEEKDAY})s?\b|"
    rf"\b(?:la|calle|avenida|av|colonia|col)\s+\d{{1,2}} de (?:{_MONTH})\b"
)
"""Every Monday, no Monday, and a street: «la 20 de noviembre»."""

Resolve = Callable[[re.Match[str], date], date | None]


def in_month(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _named(match: re.Match[str], today: date) -> date | None:
    text = match[2][:3]
    month = 9 if text == "set" else next(i for i, name in enumerate(_MONTHS, 1) if name[:3] == text)
    if match[3]:
        return in_month(int(match[1]), month, int(match[3]))
    found = in_month(int(match[1]), month, today.year)
    if found is None or found >= today or (today - found).days < 45:
        return found
    return in_month(int(match[1]), month, today.year + 1)


def _month_first(match: re.Match[str], today: date) -> date | None:
    """«December 5», “5th of December”, “dec. 5”."""
    month = (_MONTH_NAMES | _ENGLISH_SHORT)[match[1] or match[4]]
    found = in_month(int(match[2] or match[3]), month, today.year)
    if found is None or found >= today or (today - found).days < 45:
        return found
    return in_month(found.day, month, found.year + 1)


def _end_of_named_month(match: re.Match[str], today: date) -> date:
    month = _MONTH_NAMES[match[1]]
    return _month_end(date(today.year + (month < today.month), month, 1))


def _last_such_weekday(match: re.Match[str], today: date) -> date:
    """«El último viernes del mes»."""
    month = _MONTH_NAMES[match[2]] if match[2] else today.month
    last = _month_end(date(today.year + (month < today.month), month, 1))
    return last - timedelta(days=(last.weekday() - _WEEKDAYS[match[1]]) % 7)


def _named_quincena(match: re.Match[str], today: date) -> date | None:
    """«La quincena del 30», also of a month that is shorter."""
    day = int(match[1])
    return _month_end(today) if day >= 28 else day_of_month(day, today)


def _numeric(match: re.Match[str], today: date) -> date | None:
    year = int(match[3]) if match[3] else today.year
    found = in_month(int(match[1]), int(match[2]), year + 2000 if year < 100 else year)
    if found is None or match[3] or (today - found).days <= 45:
        return found
    return in_month(found.day, found.month, found.year + 1)


def day_of_month(day: int, today: date) -> date | None:
    """A day number that has passed this month is next month's."""
    if not 1 <= day <= 31:
        return None
    if day >= today.day and (found := in_month(day, today.month, today.year)):
        return found
    following = (today.replace(day=28) + timedelta(days=4)).replace(day=1)
    return in_month(day, following.month, following.year)


def _next_month_named(match: re.Match[str], today: date) -> date | None:
    """The first day of a month that has not begun: a wish for this month names no day."""
    month = _MONTH_NAMES[match[1]]
    if month == today.month:
        return None
    return date(today.year + (month < today.month), month, 1)


def weekday(match: re.Match[str], today: date) -> date:
    """The next one, never today."""
    return today + timedelta(days=(_WEEKDAYS[match[1]] - today.weekday() - 1) % 7 + 1)


def _weekday_of_next_week(match: re.Match[str], today: date) -> date:
    """«el viernes de la otra semana», “Friday of next week”: of the week that begins next Monday."""
    name = next(group for group in match.groups() if group)
    return today + timedelta(days=7 - today.weekday() + _WEEKDAYS[name])


def _weekday_in_eight(match: re.Match[str], today: date) -> date:
    """«Del viernes en ocho»: a week after the next one."""
    return weekday(match, today) + timedelta(days=7)


def on_day(match: re.Match[str], today: date) -> date | None:
    return day_of_month(int(match[1]), today)


def _iso(match: re.Match[str], today: date) -> date | None:
    del today
    return in_month(int(match[3]), int(match[2]), int(match[1]))


def _a_month_later(match: re.Match[str], today: date) -> date:
    del match
    end = _month_end(_month_end(today) + timedelta(days=1))
    return end.replace(day=min(today.day, end.day))


def _last_weekday(match: re.Match[str], today: date) -> date:
    return today - timedelta(days=(today.weekday() - _WEEKDAYS[match[1] or match[2]] - 1) % 7 + 1)


def _month_end(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


_ENGLISH_MONTH = "|".join((*map(str.lower, month_name[1:]), *_ENGLISH_SHORT))
RULES: tuple[tuple[re.Pattern[str], Resolve], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (
            rf"\b(\d{{1,2}})(?:ro|o)?(?:\s+|[/\-])(?:de\s+|del\s+(?:mes\s+de\s+)?|d\s+)?({_MONTH})\b(?:\s+(?:de\s+|del\s+)?(20\d\d))?",
            _named,
        ),
        (
            (
                rf"\b({_ENGLISH_MONTH}|{'|'.join(_MONTHS)})\.?\s+(?:the\s+|el\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\b"
                r"(?!\s*(?:pesos|mil|varos|pagos|partes|,\d|\.\d))|"
                rf"\b(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({_ENGLISH_MONTH})\b"
            ),
            _month_first,
        ),
        (
            (
                r"\b(?:mejor|hasta|para|pa|emp(?:ez|ie[zc])\w+|com(?:en|ien)[zc]\w+|podria|puedo|podre|"
                r"pag(?:o|ar|aria|are)|better|until|start\w*|pay|can)\s+"
                r"(?:(?:en|hasta|para|desde|a partir de|from|in|for)\s+)?(?:el mes de\s+)?"
                rf"({WHOLE_MONTH})\b"
            ),
            _next_month_named,
        ),
        (r"\b(20\d\d)[/\-](\d{1,2})[/\-](\d{1,2})\b", _iso),
        (r"\b(\d{1,2})[/\-](\d{1,2})(?:[/\-](\d{2,4}))?\b(?![/\-]\d)", _numeric),
        (r"\b(\d{1,2})\.(\d{1,2})\.((?:20)?\d\d)\b", _numeric),
        (r"\bpasado mañana\b|\bpasadomañana\b|\bday after tomorrow\b", lambda m, t: t + timedelta(days=2)),
        (r"\by\s+pasado\b(?=\s*(?:otros?\s*)?(?:\$?\s*\d|$))", lambda m, t: t + timedelta(days=2)),
        (
            (
                r"^(?:(?:no|mejor|hasta|para|pa|sino|que sea|y si|mañana|o|perdon|digo|ay|uy),? )*"
                r"pasado\b(?= *[.!,?]*$)"
            ),
            lambda m, t: t + timedelta(days=2),
        ),
        (
            r"\b(?:antier|anteayer|antes de ayer|antiayer|ante ?noche|antenoche)\b",
            lambda m, t: t - timedelta(days=2),
        ),
        (
            r"\bde hoy en (?:ocho|8)\b|\ben ocho dias\b|\ben 8 dias\b|\bde hoy en 8\b",
            lambda m, t: t + timedelta(days=7 if "hoy" in m[0] else 8),
        ),
        (r"\bde hoy en (?:quince|15)\b(?! dias)", lambda m, t: t + timedelta(days=14)),
        (r"\bfin(?:es)? de año\b|\bend of the year\b", lambda m, t: date(t.year, 12, 31)),
        (r"\bde (?:mañana|mañana) en (?:ocho|8)\b", lambda m, t: t + timedelta(days=8)),
        (
            r"\b(?:en|dentro de|in)\s+(?:unos\s+)?(\d{1,2})\s+(?:dias?|days?|diitas?)\b",
            lambda m, t: t + timedelta(days=int(m[1])),
        ),
        (r"\bhace\s+(\d{1,2})\s+dias?\b", lambda m, t: t - timedelta(days=int(m[1]))),
        (r"\bhace\s+(?:una|1)\s+semana\b|\ba week ago\b", lambda m, t: t - timedelta(days=7)),
        (
            (
                r"\b(?:dentro de|in) (?:un|1|a|one) (?:mes|month)\b|"
                r"\ben (?:un|1) mes\b(?=$| (?:te|le|les|pago|deposito|liquido|abono|doy|puedo)\b)"
            ),
            _a_month_later,
        ),
        (
            (
                rf"\b(?:fin(?:es|al(?:es)?)?|ultimo(?: dia)?|termino|ultimos|end)\s+(?:de|del mes de|of)\s+"
                rf"({WHOLE_MONTH})\b"
            ),
            _end_of_named_month,
        ),
        (
            (
                rf"\bultimo\s+({_WEEKDAY})\s+(?:de|del)\s+(?:este\s+)?(?:mes(?:\s+de\s+(?=[a-z]))?)?"
                rf"({WHOLE_MONTH})?\b"
            ),
            _last_such_weekday,
        ),
        (
            r"\bquincena\s+(?:del?|de el)\s+(?:dia\s+)?(\d{1,2})\b(?! de [a-z]| ?(?:pesos|mil))",
            _named_quincena,
        ),
        (rf"\b({_WEEKDAY})\s+(?:en|a)\s+(?:ocho|8)\b(?! dias)", _weekday_in_eight),
        (
            r"\b(?:en|dentro de|in)\s+(?:unas\s+)?(2|dos|two|3|tres|three)\s+(?:semanas|weeks)\b",
            lambda m, t: t + timedelta(days=14 if m[1] in ("2", "dos", "two") else 21),
        ),
        (
            (
                r"\b(?:el|pal|dia|the)\s+(?:dia\s+)?(?:primero|1ero|1ro|uno|first)\b"
                r"(?! (?:que|pago|mes|de|el|on)\b)"
            ),
            lambda m, t: day_of_month(1, t),
        ),
        (
            r"\b(?:el |dia )?(?:dia )?ultimo\b(?= *$|,| (?:te|le|les|pago|doy|deposito))",
            lambda m, t: _month_end(t),
        ),
        (r"\b(?:en|dentro de|in) (?:una|1|a|one) (?:semana|week)\b", lambda m, t: t + timedelta(days=7)),
        (
            rf"\b({_WEEKDAY})\s+pasado\b|\bpasado\s+({_WEEKDAY})\b|\blast ({_WEEKDAY})\b",
            lambda m, t: _last_weekday(m, t) if m[1] or m[2] else None,
        ),
        (
            (
                rf"\b({_WEEKDAY})\s+de\s+la\s+(?:(?:otra|proxima|siguiente|que (?:viene|entra|sigue))\b"
                rf"(?:\s+semana\b)?|semana\s+(?:que (?:viene|entra|sigue)|proxima|siguiente)\b)|"
                rf"\b({_WEEKDAY})\s+of\s+next\s+week\b|\bnext\s+week\s+(?:on\s+)?({_WEEKDAY})\b"
            ),
            _weekday_of_next_week,
        ),
        (
            rf"\b(?:{_WEEKDAY})\s+(?:dia\s+)?(\d{{1,2}})\b(?!\s*(?:pesos|varos|mil|de la|am|pm|:)|[.,]?\d)",
            lambda m, t: day_of_month(int(m[1]), t),
        ),
        (rf"\b({_WEEKDAY})\b", weekday),
        (
            (
                r"\b(?:fin(?:es|al(?:es)?)?|ultimo|termino|ultimo dia)\s+(?:de|d|del)\s+(?:este\s+)?mes\b|"
                r"\bfin mes\b|\bend of (?:the )?month\b|\bcuando acabe el mes\b"
            ),
            lambda m, t: _month_end(t),
        ),
        (
            r"\b(?:la|esta|proxima|de|siguiente|para|pa|en|mi|ala?)\s+quincena\b|\bquincena\b(?=\s*(?:te|le|les|que|$|sin|ya|si))",
            lambda m, t: nominal_quincena(t),
        ),
        (
            (
                r"(?:(?:\bel|\bdia|\bpara el|\bhasta el|\bal|\bthe|\bantes "
                r"del|\ba ?partir del|\b(?:por ahi|alrededor|cerca) del|\bdesde el)\s+(?:dia\s+)?)"
                r"(\d{1,2})(?:th|st|nd|rd)?\b"
                r"(?!\s*(?:%|pesos|varos|mil|por ciento|de "
                r"la|am|pm|:|,\d|\.\d|\d|numeros|digitos|hrs|horas|dias|veces|mensajes))"
            ),
            on_day,
        ),
        (r"\bayer\b|\byesterday\b|\banoche\b", lambda m, t: t - timedelta(days=1)),
        (
            (
                r"(?<!la )(?<!por la )(?<!en la )(?<!esta )(?<!de la )\bmañana\b(?!\s+siempre)|"
                r"\btomorrow\b|\bmañanita\b"
            ),
            lambda m, t: t + timedelta(days=1),
        ),
        (
            (
                r"\bhoy\b(?!\s+en\s+dia)|\btoday\b|"
                r"\b(?:tonight|esta noche|al rat(?:it)?o|en un rat(?:it)?o)\b(?=.*\bpa[gy])"
            ),
            lambda m, t: t,
        ),
    )
)
