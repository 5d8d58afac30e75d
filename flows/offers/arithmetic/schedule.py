"""Days and parts of a plan."""

from datetime import date, timedelta
from itertools import islice

from flows.types.offers import PlanFrequency, PlanPolicy
from values import Money, is_banking_day, next_banking_day, paydays, payment_days, roll_back, roll_forward


def first_day(policy: PlanPolicy, as_of: date, wished: date | None = None) -> date | None:
    """The wished day or the borrower's payday, moved into the allowed range; null where it holds no day on
    which the banks open.
    """
    latest = roll_back(as_of + timedelta(days=policy.first_within_days))
    earliest = as_of if is_banking_day(as_of) else next_banking_day(as_of)
    if latest < earliest:
        return None
    return min(max(roll_forward(wished or next(paydays(as_of))), earliest), latest)


def plan_days(
    frequency: PlanFrequency, first: date, last_by: date, most: int, then: date | None = None
) -> tuple[date, ...]:
    """At most `most` days from `first` on, none after `last_by`; the rhythm begins with `then`, where that is
    later.
    """
    if then is not None and then > first:
        return (first, *plan_days(frequency, then, last_by, most - 1))
    return tuple(day for day in islice(payment_days(frequency, first), most) if day <= last_by)


def split(
    total: Money, parts: int, down_payment_percent: int, down: Money | None = None
) -> tuple[Money, ...]:
    """Equal parts, the remainder in the last; the first one is `down` where that was wished, and larger where
    a down payment demands it.
    """
    wished = total.centavos // parts if down is None else down.centavos
    first = max(wished, -(-total.centavos * down_payment_percent // 100))
    each = (total.centavos - first) // (parts - 1) if parts > 1 else 0
    amounts = [first, *[each] * (parts - 1)]
    amounts[-1] += total.centavos - sum(amounts)
    return tuple(Money(amount) for amount in amounts)
