"""Days and parts of a plan."""

from datetime import date, timedelta
from itertools import islice

from flows.types.offers import PlanFrequency, PlanPolicy
from values import Money, is_banking_day, next_banking_day, paydays, roll_back, roll_forward

_STEP_DAYS = {"weekly": 7, "fortnightly": 14}
_NEXT_PAYDAY_AFTER = timedelta(days=6)
"""The second part of a plan is at least a week after the first."""


def first_day(policy: PlanPolicy, as_of: date, wished: date | None = None) -> date | None:
    """The wished day or the borrower's payday, moved into the allowed range; null where it holds no day on
    which the banks open.
    """
    latest = roll_back(as_of + timedelta(days=policy.first_within_days))
    earliest = as_of if is_banking_day(as_of) else next_banking_day(as_of)
    if latest < earliest:
        return None
    return min(max(roll_forward(wished or next(paydays(as_of))), earliest), latest)


def plan_days(frequency: PlanFrequency, first: date, last_by: date, count: int) -> tuple[date, ...]:
    """At most `count` days from `first` on, none after `last_by`."""
    if frequency in _STEP_DAYS:
        step = _STEP_DAYS[frequency]
        found = [roll_forward(first + timedelta(days=step * index)) for index in range(count)]
    else:
        stride = 2 if frequency == "monthly" else 1
        later = paydays(first + _NEXT_PAYDAY_AFTER)
        if stride == 2:
            next(later)
        found = [first, *islice(later, 0, (count - 1) * stride, stride)]
    return tuple(day for day in found if day <= last_by)


def split(total: Money, parts: int, down_payment_percent: int) -> tuple[Money, ...]:
    """Equal parts, the remainder in the last; the first one larger where a down payment demands it."""
    equal = total.centavos // parts
    first = max(equal, -(-total.centavos * down_payment_percent // 100))
    each = (total.centavos - first) // (parts - 1) if parts > 1 else 0
    amounts = [first, *[each] * (parts - 1)]
    amounts[-1] += total.centavos - sum(amounts)
    return tuple(Money(amount) for amount in amounts)
