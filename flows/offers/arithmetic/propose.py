"""Which plans are put to a borrower: at most three, from the shortest to the one with the smallest parts."""

from datetime import date, timedelta

from flows.offers.arithmetic.barriers import barrier, person_reason
from flows.offers.arithmetic.schedule import first_day, plan_days, split
from flows.offers.arithmetic.situation import Situation
from flows.types.offer import Offer, Part, distinct
from flows.types.offers import OffersPolicy, PlanFrequency, PlanPolicy
from values import Money

MOST_OFFERS = 3
_PREFERRED: tuple[PlanFrequency, ...] = ("semimonthly", "fortnightly", "monthly", "weekly")
"""Wages come twice a month."""


def propose_plans(policy: OffersPolicy, situation: Situation) -> tuple[Offer, ...]:
    """The shortest plan, the longest, and one between them; empty where policy has none for this loan."""
    if policy.plan is None or barrier(policy, situation) is not None:
        return ()
    frequency = usual_frequency(policy.plan)
    most = most_parts(policy.plan, situation, frequency)
    wished = dict.fromkeys((2, (2 + most) // 2, most))
    found = [plan_of(policy, situation, frequency, parts) for parts in wished if parts >= 2]
    return distinct([offer for offer in found if offer is not None])[:MOST_OFFERS]


def usual_frequency(plan: PlanPolicy) -> PlanFrequency:
    return next(frequency for frequency in _PREFERRED if frequency in plan.frequencies)


def plan_of(
    policy: OffersPolicy,
    situation: Situation,
    frequency: PlanFrequency,
    parts: int,
    wished_first: date | None = None,
    down: Money | None = None,
    then: date | None = None,
) -> Offer | None:
    """The plan with exactly these parts, or null where policy does not allow it."""
    plan = policy.plan
    if plan is None or frequency not in plan.frequencies or not 2 <= parts <= plan.max_parts:
        return None
    first = first_day(plan, situation.as_of, wished_first)
    if first is None:
        return None
    days = plan_days(frequency, first, situation.as_of + timedelta(days=plan.max_days), parts, then)
    discount, total = plan_total(plan, situation)
    amounts = split(total, parts, plan.down_payment_percent(situation.dpd), down)
    if len(days) < parts or min(amounts) < plan.min_part:
        return None
    schedule = tuple(Part(day, amount) for day, amount in zip(days, amounts, strict=True))
    return Offer(
        "plan",
        schedule,
        frequency,
        discount,
        "policy.plan",
        situation.as_of,
        situation.covers_until,
        person_reason(policy, situation, total),
    )


def plan_total(plan: PlanPolicy, situation: Situation) -> tuple[Money, Money]:
    """What is waived of the late fees, and what is left to pay."""
    covered = situation.covered
    discount = Money(covered.late_fees.centavos * plan.waive_late_fees_percent // 100)
    return discount, covered.total - discount


def most_parts(
    plan: PlanPolicy,
    situation: Situation,
    frequency: PlanFrequency,
    wished_first: date | None = None,
    down: Money | None = None,
    then: date | None = None,
) -> int:
    """How many parts fit between the first day and the last, none below the smallest; below 2 there is no
    plan.
    """
    first = first_day(plan, situation.as_of, wished_first)
    if first is None:
        return 0
    last_by = situation.as_of + timedelta(days=plan.max_days)
    most = len(plan_days(frequency, first, last_by, plan.max_parts, then))
    _, total = plan_total(plan, situation)
    percent = plan.down_payment_percent(situation.dpd)
    while most >= 2 and min(split(total, most, percent, down)) < plan.min_part:
        most -= 1
    return most
