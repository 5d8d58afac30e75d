"""What each form of a day comes to, against today."""

import re
from calendar import month_abbr, month_name
from collections.abc import Callable
from datetime import date, timedelta

MONTHS = (
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
MONTH = "|".join((*MONTHS, "setiembre", *(name[:3] for name in MONTHS)))
_MONTH_NAMES = {
    name: n for names in (MONTHS, month_name[1:]) for n, name in enumerate(map(str.lower, names), 1)
}
WHOLE_MONTH = "|".join(_MONTH_NAMES)
ENGLISH_SHORT = {name.lower(): n for n, name in enumerate(month_abbr) if name not in ("", "Mar")} | {
    "sept": 9
}
"""«Mar 5» is a Tuesday in Spanish."""
WEEKDAYS = {
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
WEEKDAY = "|".join(sorted(WEEKDAYS, key=len, reverse=True))

_HOLIDAYS = {
    "navidad": (12, 25),
    "christmas": (12, 25),
    "noche ?buena": (12, 24),
    "christmas eve": (12, 24),
    "año nuevo": (1, 1),
    "new year'?s?": (1, 1),
    "(?:dia de )?(?:los )?reyes": (1, 6),
    "virgen(?: de guadalupe)?": (12, 12),
    "guadalupana": (12, 12),
    "candelaria": (2, 2),
}
HOLIDAY = "|".join(sorted(_HOLIDAYS, key=len, reverse=True))

Resolve = Callable[[re.Match[str], date], date | None]


def in_month(day: int, month: int, year: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def named(match: re.Match[str], today: date) -> date | None:
    text = match[2][:3]
    month = 9 if text == "set" else next(i for i, name in enumerate(MONTHS, 1) if name[:3] == text)
    if match[3]:
        return in_month(int(match[1]), month, int(match[3]))
    found = in_month(int(match[1]), month, today.year)
    if found is None or found >= today or (today - found).days < 45:
        return found
    return in_month(int(match[1]), month, today.year + 1)


def month_first(match: re.Match[str], today: date) -> date | None:
    """«December 5», “5th of December”, “dec. 5, 1990”."""
    month = (_MONTH_NAMES | ENGLISH_SHORT)[match["month"] or match["after"]]
    day, year = int(match["day"] or match["before"]), match["year"] or match["then"]
    if year:
        return in_month(day, month, int(year))
    found = in_month(day, month, today.year)
    if found is None or found >= today or (today - found).days < 45:
        return found
    return in_month(found.day, month, found.year + 1)


def end_of_named_month(match: re.Match[str], today: date) -> date:
    return end_of_month_named(match[1], today)


def end_of_month_named(name: str, today: date) -> date:
    month = _MONTH_NAMES[name]
    return month_end(date(today.year + (month < today.month), month, 1))


def counted_weekday(match: re.Match[str], today: date) -> date:
    """«El último viernes del mes», «el segundo viernes de diciembre»."""
    month = _MONTH_NAMES[match[3]] if match[3] else today.month
    first = date(today.year + (month < today.month), month, 1)
    found = _counted(match[1], WEEKDAYS[match[2]], first)
    return (
        found
        if found >= today
        else _counted(match[1], WEEKDAYS[match[2]], month_end(first) + timedelta(days=1))
    )


def _counted(which: str, weekday: int, first: date) -> date:
    if which == "ultimo":
        last = month_end(first)
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    weeks = {"primer": 0, "segundo": 1, "tercer": 2}[which]
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * weeks)


def end_of_next_month(match: re.Match[str], today: date) -> date:
    del match
    return month_end(month_end(today) + timedelta(days=1))


def quincena_of_month(match: re.Match[str], today: date) -> date:
    """«La primera quincena de enero»."""
    end = end_of_month_named(match[2], today)
    return end.replace(day=15) if match[1][0] in "p1" else end


def named_quincena(match: re.Match[str], today: date) -> date | None:
    """«La quincena del 30», also of a month that is shorter."""
    day = int(match[1])
    return month_end(today) if day >= 28 else day_of_month(day, today)


def numeric(match: re.Match[str], today: date) -> date | None:
    """Day and month; the other way round where only that is a day: «12/15»."""
    year = int(match[3]) if match[3] else today.year
    day, month = int(match[1]), int(match[2])
    if day <= 12 < month:
        day, month = month, day
    found = in_month(day, month, year + 2000 if year < 100 else year)
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


def next_month_named(match: re.Match[str], today: date) -> date | None:
    """The first day of a month that has not begun: a wish for this month names no day."""
    month = _MONTH_NAMES[match[1]]
    if month == today.month:
        return None
    return date(today.year + (month < today.month), month, 1)


def weekday(match: re.Match[str], today: date) -> date:
    """The next one, never today."""
    return _next(match[1], today)


def _next(name: str, today: date) -> date:
    return today + timedelta(days=(WEEKDAYS[name] - today.weekday() - 1) % 7 + 1)


def weekday_of_next_week(match: re.Match[str], today: date) -> date:
    """«el viernes de la otra semana», “Friday of next week”: of the week that begins next Monday."""
    name = next(group for group in match.groups() if group)
    return today + timedelta(days=7 - today.weekday() + WEEKDAYS[name])


def weekday_in_eight(match: re.Match[str], today: date) -> date:
    """«Del viernes en ocho», «no este viernes, el otro»: a week after the next one."""
    return _next(next(filter(None, match.groups())), today) + timedelta(days=7)


def on_day(match: re.Match[str], today: date) -> date | None:
    return day_of_month(int(match[1]), today)


def holiday(match: re.Match[str], today: date) -> date:
    """«Para navidad»: the next one."""
    written = next(filter(None, match.groups()))
    month, day = next(when for name, when in _HOLIDAYS.items() if re.fullmatch(name, written))
    found = date(today.year, month, day)
    return found if found >= today else found.replace(year=today.year + 1)


def iso(match: re.Match[str], today: date) -> date | None:
    del today
    return in_month(int(match[3]), int(match[2]), int(match[1]))


def a_month_later(match: re.Match[str], today: date) -> date:
    del match
    end = month_end(month_end(today) + timedelta(days=1))
    return end.replace(day=min(today.day, end.day))


def last_weekday(match: re.Match[str], today: date) -> date:
    written = next(filter(None, match.groups()))
    return today - timedelta(days=(today.weekday() - WEEKDAYS[written] - 1) % 7 + 1)


def month_end(today: date) -> date:
    return (today.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
