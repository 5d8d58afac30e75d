"""The Mexican banking calendar, by rule for any year (CNBV: 1 Jan; first Monday of Feb; third of Mar; Holy
Thursday and Good Friday; 1 May; 16 Sep; 1 Oct every sixth year from 2024, when the presidency changes; 2 Nov;
third Monday of Nov; 12 Dec; 25 Dec; Saturdays and Sundays).
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

CITY = ZoneInfo("America/Mexico_City")
_FIXED = ((1, 1), (5, 1), (9, 16), (11, 2), (12, 12), (12, 25))
_MONDAYS = ((2, 1), (3, 3), (11, 3))
_DAY = timedelta(days=1)


def _easter(year: int) -> date:
    """Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    shift = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    month, day = divmod(h + shift - 7 * ((a + 11 * h + 22 * shift) // 451) + 114, 31)
    return date(year, month, day + 1)


def _nth_monday(year: int, month: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(7 - first.weekday()) % 7 + 7 * (nth - 1))


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Days other than weekends on which the banks are closed."""
    easter = _easter(year)
    moved = {_nth_monday(year, month, nth) for month, nth in _MONDAYS}
    presidency = {date(year, 10, 1)} if year >= 2024 and (year - 2024) % 6 == 0 else set()
    return frozenset(
        {date(year, month, day) for month, day in _FIXED}
        | presidency
        | moved
        | {easter - 3 * _DAY, easter - 2 * _DAY}
    )


def is_banking_day(day: date) -> bool:
    return day.weekday() < 5 and day not in holidays(day.year)


def roll_forward(day: date) -> date:
    """The day itself, or the next on which the banks open: a limit on a closed day moves there."""
    while not is_banking_day(day):
        day += _DAY
    return day


def roll_back(day: date) -> date:
    """The day itself, or the last one before it on which the banks open."""
    while not is_banking_day(day):
        day -= _DAY
    return day


def next_banking_day(day: date) -> date:
    """Strictly after `day`."""
    return roll_forward(day + _DAY)


def previous_banking_day(day: date) -> date:
    """Strictly before `day`."""
    return roll_back(day - _DAY)


def city_day(at: datetime) -> date:
    """The day that it is then in Mexico City: the trade's day."""
    return at.astimezone(CITY).date()


def add_banking_days(day: date, count: int) -> date:
    """`count` banking days after `day`; with 0, the day itself."""
    for _ in range(count):
        day = next_banking_day(day)
    return day
