"""The days on which a series of payments falls, on banking days and paydays."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from dateutil.relativedelta import relativedelta

from values.calendar import roll_forward
from values.paydays import paydays

_STEP_DAYS = {"weekly": 7, "fortnightly": 14}
_LEAST_APART = timedelta(days=6)
"""The second payment is at least a week after the first."""


def payment_days(frequency: str, first: date) -> Iterator[date]:
    """`first`, then every week or two, or on each payday (`monthly`: on every other one), without end."""
    yield first
    if step := _STEP_DAYS.get(frequency):
        yield from (roll_forward(first + timedelta(days=step * index)) for index in count(1))
    for place, day in enumerate(paydays(first + _LEAST_APART)):
        if frequency != "monthly" or place % 2:
            yield day


def numbered_after(day: date, after: date) -> date:
    """«Y lo demás el 30», after a payment on the 15th of December: `day`, or the day of the same number (the
    last of a shorter month) in the first month that puts it later than `after`.
    """
    later: Iterator[date] = (day + relativedelta(months=months) for months in count())
    return next(each for each in later if each > after)
