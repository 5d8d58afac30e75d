"""Paydays: the 15th and the last day of the month, or the banking day before when the banks are closed."""

from collections.abc import Iterator
from datetime import date, timedelta

from values.calendar import roll_back


def _last_of_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def nominal_quincena(after: date) -> date:
    """«La quincena»: the next 15th or last day of the month, strictly after `after`, whatever the banks
    do.
    """
    if after.day < 15:
        return after.replace(day=15)
    last = _last_of_month(after)
    return last if after < last else nominal_quincena(last + timedelta(days=1))


def paydays(after: date) -> Iterator[date]:
    """Paydays strictly after `after`, without end."""
    nominal, paid = after, after
    while True:
        nominal = nominal_quincena(nominal)
        if roll_back(nominal) > paid:
            paid = roll_back(nominal)
            yield paid


def next_payday(not_before: date) -> date:
    """The first payday on or after `not_before`."""
    return next(paydays(not_before - timedelta(days=1)))
