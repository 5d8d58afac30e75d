"""How often a loan falls due, by the spacing of its instalments."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from statistics import median
from typing import Literal

Frequency = Literal["weekly", "fortnightly", "semimonthly", "monthly", "single", "instalment"]
"""`fortnightly` is every 14 days, `semimonthly` twice a month; `instalment` what follows no such rule."""


def frequency(due: Sequence[date]) -> Frequency:
    """Of due dates in their order, rolled to banking days or not."""
    if len(due) < 2:
        return "single"
    usual = median((after - before).days for before, after in pairwise(due))
    if 5 <= usual <= 9:
        return "weekly"
    if 12 <= usual <= 18:
        return "fortnightly" if usual <= 14 and not all(_near_payday(day) for day in due) else "semimonthly"
    return "monthly" if 26 <= usual <= 35 else "instalment"


def billing_window(frequency: str, day: date) -> tuple[date, date]:
    """`[start, end)`: the billing period of this frequency that a day is in, by the calendar: its week, half
    month or month; the day alone where each payment is a period, all time where there is but one.
    """
    match frequency:
        case "weekly":
            start = day - timedelta(days=day.weekday())
            return start, start + timedelta(days=7)
        case "fortnightly" | "semimonthly" if day.day < 16:
            return day.replace(day=1), day.replace(day=16)
        case "fortnightly" | "semimonthly":
            return day.replace(day=16), _next_month(day)
        case "monthly":
            return day.replace(day=1), _next_month(day)
        case "single":
            return date.min, date.max
        case _:
            return day, day + timedelta(days=1)


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _near_payday(day: date) -> bool:
    """The 15th or the end of a month, or the banking days to which they are moved."""
    return 15 <= day.day <= 19 or day.day >= 28 or day.day <= 4
