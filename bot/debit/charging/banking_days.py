"""The days of a charge: when it may be announced and made, when its result is due, when it settles and may
be tried again. Pure; days are Mexico City's.
"""

from datetime import date, datetime, time, timedelta

from bot.compliance import ContactRules
from values import (
    CITY,
    add_banking_days,
    city_day,
    is_banking_day,
    next_banking_day,
    next_payday,
    previous_banking_day,
    roll_back,
    roll_forward,
)

APART = timedelta(days=3)
"""Between two attempts that reach the account."""
_DAY = timedelta(days=1)


def next_contact_day(after: date, rules: ContactRules) -> date:
    """The first lawful contact day strictly after `after`."""
    day = after + _DAY
    while not rules.lawful_day(day):
        day += _DAY
    return day


def first_possible(announced_on: date, not_before: date = date.min, retry: str | None = None) -> date:
    """The first day on which a charge announced on `announced_on` may be made; one that failed for lack of
    funds waits for a payday.
    """
    day = roll_forward(max(announced_on + _DAY, not_before))
    return next_payday(day) if retry == "payday" else day


def week_of(day: date) -> date:
    """Its Monday."""
    return day - timedelta(days=day.weekday())


def result_at(charge_on: date, results_from: time) -> datetime:
    return datetime.combine(next_banking_day(charge_on), results_from, CITY)


def results_until(now: datetime, results_from: time) -> date:
    """The last day whose charges' results are out."""
    local = now.astimezone(CITY)
    out = is_banking_day(local.date()) and local.time() >= results_from
    last = previous_banking_day(local.date())
    return last if out else previous_banking_day(last)


def settles_on(collected_at: datetime, banking_days: int) -> date:
    return add_banking_days(city_day(collected_at), banking_days)


def collected_before(now: datetime, banking_days: int) -> datetime:
    """What was collected before this is settled by today."""
    day = roll_back(city_day(now))
    for _ in range(banking_days):
        day = previous_banking_day(day)
    return datetime.combine(next_banking_day(day), time.min, CITY)
