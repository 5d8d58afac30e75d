"""When a person really answers next, by the hours that the lender's file words."""

import re
from datetime import datetime, time, timedelta

from flows.answers import plain
from flows.types.facts import Facts
from flows.types.wording import Line, key, line
from values import CITY, holidays

TODAY = key("answer_time.today")
TOMORROW = key("answer_time.tomorrow")
LATER = key("answer_time.later")

_DAYS = {"lunes": 0, "martes": 1, "miercoles": 2, "jueves": 3, "viernes": 4, "sabado": 5, "domingo": 6}
_DAY = rf"({'|'.join(_DAYS)})s?"
_CLOCK = r"(\d{1,2})(?: (\d\d)(?!\d))?"
_SPAN = re.compile(
    rf"(?:(?P<all>todos los dias)|{_DAY}(?: (?:a|y) (?:los )?{_DAY})?) "
    rf"de (?:las )?{_CLOCK}(?: h| hrs| horas)? a (?:las )?{_CLOCK}"
)
_LEAST = timedelta(hours=1)
"""Of an open day that is left, for an answer on that day."""
_AHEAD = 14


def answer_time(facts: Facts) -> tuple[Line, ...]:
    """«Te escriben hoy antes de las 18:00 h»; nothing where the hours are worded in another way."""
    spans = _spans(facts.lender.hours)
    now = facts.now.astimezone(CITY)
    for ahead in range(_AHEAD if spans else 0):
        day = now.date() + timedelta(days=ahead)
        if day.weekday() not in spans or (day in holidays(day.year)):
            continue
        opens, closes = spans[day.weekday()]
        if ahead == 0 and now + _LEAST > datetime.combine(day, closes, CITY):
            continue
        if ahead == 0:
            return (line(TODAY, until=f"{closes:%-H:%M}"),)
        start = f"{opens:%-H:%M}"
        return (line(TOMORROW, start=start) if ahead == 1 else line(LATER, day=day, start=start),)
    return ()


def _spans(hours: str) -> dict[int, tuple[time, time]]:
    """Weekday → from, until."""
    found: dict[int, tuple[time, time]] = {}
    for match in _SPAN.finditer(plain(hours)):
        every, first, last, *clock = match.groups()
        days = range(7) if every else range(_DAYS[first], _DAYS[last or first] + 1)
        start_hour, start_minute, end_hour, end_minute = (int(number or 0) for number in clock)
        if not (start_hour < end_hour < 24 and max(start_minute, end_minute) < 60):
            return {}
        for day in days:
            found[day] = time(start_hour, start_minute), time(end_hour, end_minute)
    return found
