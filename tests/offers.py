"""Random policies and debts for the properties of offers, and what every offer has to satisfy, written apart
from the code that makes them.
"""

from datetime import date, timedelta
from random import Random

from flows.offers.arithmetic import Offer, Situation, Wish
from flows.offers.arithmetic.situation import Owed
from flows.types.offers import (
    FREQUENCIES,
    DownPayment,
    DueDayPolicy,
    ExtensionPolicy,
    OffersPolicy,
    PayoffPolicy,
    PlanPolicy,
    SettlementRule,
)
from values import Breakdown, Money, is_banking_day

FIRST = date(2026, 1, 1)


def plan_policy(rng: Random) -> PlanPolicy:
    max_days = rng.randint(1, 400)
    tiers = {rng.randint(0, 200): rng.randint(0, 100) for _ in range(rng.randint(0, 3))}
    return PlanPolicy(
        max_parts=rng.randint(2, 24),
        max_days=max_days,
        first_within_days=rng.randint(1, max_days),
        min_part=Money(rng.choice((1, 15_000, rng.randint(1, 100_000)))),
        frequencies=tuple(rng.sample(FREQUENCIES, rng.randint(1, 4))),
        person_above=rng.choice((None, Money(rng.randint(1, 3_000_000)))),
        waive_late_fees_percent=rng.choice((0, rng.randint(0, 100))),
        down_payments=tuple(DownPayment(dpd, percent) for dpd, percent in tiers.items()),
        whole=rng.random() < 0.4,
    )


def settlement_rule(rng: Random) -> SettlementRule:
    ages = sorted((rng.randint(0, 400), rng.randint(0, 400)))
    days = rng.randint(1, 60)
    percents = [rng.choice((0, 100, rng.randint(0, 100))) for _ in range(4)]
    products = rng.choice(((), ("A",), ("A", "B")))
    return SettlementRule(*ages, products, *percents, days, rng.randint(1, min(6, days)))


def random_policy(rng: Random) -> OffersPolicy:
    """Valid, and as odd as validity allows."""
    return OffersPolicy(
        plan=plan_policy(rng) if rng.random() < 0.9 else None,
        settlements=tuple(settlement_rule(rng) for _ in range(rng.randint(0, 3))),
        extension=rng.choice((None, ExtensionPolicy(*(rng.randint(1, 60) for _ in range(3))))),
        due_day=rng.choice((None, DueDayPolicy(rng.randint(1, 31)))),
        payoff=PayoffPolicy(future_interest=rng.random() < 0.5),
    )


def random_situation(rng: Random) -> Situation:
    """A debt of up to eight instalments, a few of them closed, disputed or under a plan."""
    as_of = FIRST + timedelta(days=rng.randint(0, 2_000))
    first_due = as_of + timedelta(days=rng.randint(-400, 40))
    step = rng.choice((7, 14, 15, 30))
    owed = [
        Breakdown(*(Money(rng.randint(low, high)) for low, high in _COMPONENTS))
        for _ in range(rng.randint(0, 8))
    ]
    return Situation(
        as_of,
        tuple(Owed(n + 1, first_due + timedelta(days=step * n), each) for n, each in enumerate(owed)),
        product=rng.choice((None, "A", "B", "C")),
        status=rng.choice(("current", "overdue", "overdue", "overdue", "disputed", "settled")),
        holds=rng.choice((frozenset(), frozenset(), frozenset({"hardship"}), frozenset({"legal"}))),
        plan_in_force=rng.random() < 0.1,
        plan_broken=rng.random() < 0.2,
        extended_on=rng.choice((None, as_of - timedelta(days=rng.randint(0, 500)))),
    )


_COMPONENTS = ((1, 900_000), (0, 200_000), (0, 100_000), (0, 50_000))


def random_wish(rng: Random) -> Wish:
    """Reasonable or not."""
    return Wish(
        amount=rng.choice((None, Money(rng.randint(0, 1_000_000)))),
        parts=rng.choice((None, rng.randint(-1, 60))),
        frequency=rng.choice((None, *FREQUENCIES, "instalment", "single")),
        first=rng.choice((None, FIRST + timedelta(days=rng.randint(0, 2_000)))),
        down=rng.choice((None, None, Money(rng.randint(0, 600_000)))),
    )


def outside(policy: OffersPolicy, situation: Situation, offer: Offer) -> list[str]:
    """What of the policy an offer breaks; nothing for one that is inside."""
    blocked = (
        not situation.instalments
        or situation.status in {"disputed", "written_off", "settled"}
        or situation.holds & {"dispute", "legal", "deceased", "vulnerable", "complaint"}
        or situation.plan_in_force
    )
    faults = ["made although nothing may be offered"] if blocked else []
    days = [part.due_date for part in offer.parts]
    faults += ["days do not rise"] if days != sorted(set(days)) else []
    if offer.kind != "due_day":
        faults += [f"{day} is no banking day" for day in days if not is_banking_day(day)]
    faults += ["a part is not positive"] if min(p.amount.centavos for p in offer.parts) <= 0 else []
    check = {"plan": _plan, "settlement": _settlement}.get(offer.kind)
    return faults + (check(policy, situation, offer) if check else [])


def _plan(policy: OffersPolicy, situation: Situation, offer: Offer) -> list[str]:
    plan, today = policy.plan, situation.as_of
    if plan is None:
        return ["a plan without a policy"]
    covered = situation.owed_until(offer.covers_until)
    tiers = [tier for tier in plan.down_payments if tier.from_dpd <= situation.dpd]
    percent = max(tiers, key=lambda tier: tier.from_dpd).percent if tiers else 0
    above = plan.person_above is not None and offer.total > plan.person_above
    checks = {
        "too many parts": len(offer.parts) > plan.max_parts,
        "too few parts": len(offer.parts) < 2,
        "frequency": offer.frequency not in plan.frequencies,
        "first too late": offer.first.due_date > today + timedelta(days=plan.first_within_days),
        "first in the past": offer.first.due_date < today,
        "last too late": offer.last.due_date > today + timedelta(days=plan.max_days),
        "part too small": min(part.amount for part in offer.parts) < plan.min_part,
        "down payment": offer.first.amount.centavos * 100 < offer.total.centavos * percent,
        "waives too much": offer.discount.centavos * 100
        > covered.late_fees.centavos * plan.waive_late_fees_percent,
        "spreads more than is due": covered.total > situation.covered.total and not plan.whole,
        "sum": offer.total + offer.discount != covered.total,
        "person": (offer.needs_person is None) == (above or situation.plan_broken),
        "remainder": len({part.amount for part in offer.parts[1:-1]}) > 1,
    }
    return [name for name, wrong in checks.items() if wrong]


def _settlement(policy: OffersPolicy, situation: Situation, offer: Offer) -> list[str]:
    covering = [
        rule
        for rule in policy.settlements
        if rule.from_dpd <= situation.dpd <= rule.to_dpd
        and (not rule.products or situation.product in rule.products)
    ]
    if not covering:
        return ["a discount that no rule opens"]
    rule, owed = covering[0], situation.outstanding
    most = (
        owed.late_fees.centavos * rule.late_fees_percent
        + owed.interest.centavos * rule.interest_percent
        + owed.principal.centavos * rule.principal_percent
        + owed.tax.centavos * rule.tax_percent
    )
    checks = {
        "discount": offer.discount.centavos * 100 > most,
        "sum": offer.total + offer.discount != owed.total,
        "too late": offer.last.due_date > situation.as_of + timedelta(days=rule.pay_within_days),
        "parts": len(offer.parts) > rule.parts,
    }
    return [name for name, wrong in checks.items() if wrong]
