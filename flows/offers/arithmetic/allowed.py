"""What policy allows for a loan on a day, and which rule says so."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flows.offers.arithmetic import propose, single
from flows.offers.arithmetic.barriers import barrier, person_reason
from flows.offers.arithmetic.situation import Situation
from flows.types.offers import OffersPolicy
from values import Money


@dataclass(frozen=True, slots=True)
class Allowed:
    """One kind of agreement inside policy. `parts` is the most that fit."""

    kind: str
    rule: str
    parts: int
    frequency: str
    first_by: date
    last_by: date
    smallest: Money
    discount: Money
    needs_person: str | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind that policy does not have for this loan today, and the rule that says so."""

    kind: str
    rule: str


def allowed(
    policy: OffersPolicy, situation: Situation, promise_max_days: int, promise_min: Money
) -> Iterator[Allowed | Refusal]:
    """Every kind once (a plan once for each frequency): allowed, or refused with its rule."""
    if (reason := barrier(policy, situation)) is not None:
        kinds = ("promise", "plan", "settlement", "extension", "payoff", "due_day", "partial")
        yield from (Refusal(kind, reason) for kind in kinds)
        return
    nothing, today = Money.zero(), situation.as_of
    by = today + timedelta(days=promise_max_days)
    least = min(promise_min, situation.owes)
    yield Allowed("promise", "policy.promise_max_days", 1, "single", by, by, least, nothing)
    yield Allowed("partial", "policy.promise_min_pesos", 1, "single", today, today, least, nothing)
    yield from _plans(policy, situation)
    singles = (
        ("settlement", single.settlement(policy, situation)),
        ("extension", single.extension(policy, situation)),
        ("due_day", single.due_day_moved(policy, situation)),
    )
    for kind, offer in singles:
        if offer is None:
            yield Refusal(kind, single.absence(policy, situation, kind))
        else:
            yield Allowed(
                kind,
                offer.rule,
                len(offer.parts),
                offer.frequency,
                offer.first.due_date,
                offer.last.due_date,
                min(part.amount for part in offer.parts),
                offer.discount,
                offer.needs_person,
            )
    paid_off = single.payoff(policy, situation, today)
    yield Allowed("payoff", paid_off.rule, 1, "single", today, today, paid_off.total, paid_off.discount)


def _plans(policy: OffersPolicy, situation: Situation) -> Iterator[Allowed | Refusal]:
    if policy.plan is None:
        yield Refusal("plan", "policy.plan is absent")
        return
    discount, total = propose.plan_total(policy.plan, situation)
    found = False
    for frequency in policy.plan.frequencies:
        most = propose.most_parts(policy.plan, situation, frequency)
        if most < 2:
            continue
        found = True
        yield Allowed(
            "plan",
            "policy.plan",
            most,
            frequency,
            situation.as_of + timedelta(days=policy.plan.first_within_days),
            situation.as_of + timedelta(days=policy.plan.max_days),
            policy.plan.min_part,
            discount,
            person_reason(policy, situation, total),
        )
    if not found:
        yield Refusal("plan", "policy.plan.min_part_pesos")
