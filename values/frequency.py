"""How often a loan falls due, by the spacing of its instalments."""

from collections.abc import Sequence
from datetime import date
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


def _near_payday(day: date) -> bool:
    """The 15th or the end of a month, or the banking days to which they are moved."""
    return 15 <= day.day <= 19 or day.day >= 28 or day.day <= 4
