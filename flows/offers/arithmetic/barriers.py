"""What stands in the way of an offer, and which rule of a settlement covers a loan."""

from datetime import date

from flows.offers.arithmetic.situation import Situation
from flows.types.offer import Offer
from flows.types.offers import OffersPolicy, SettlementRule
from values import Money

HELD = frozenset({"dispute", "legal", "deceased", "vulnerable", "complaint"})
"""Holds under which a person decides everything."""
_CLOSED = ("disputed", "written_off", "settled")


def barrier(policy: OffersPolicy, situation: Situation) -> str | None:
    """Why the bot may make no offer at all for this loan."""
    del policy
    if not situation.instalments:
        return "loan.nothing_owed"
    if situation.status in _CLOSED:
        return f"loan.{situation.status}"
    if held := sorted(situation.holds.intersection(HELD)):
        return f"hold.{held[0]}"
    return "plan.in_force" if situation.plan_in_force else None


def is_outdated(offer: Offer, situation: Situation, today: date) -> bool:
    """Another debt, or a day gone by, is another offer."""
    owed = situation.owed_until(offer.covers_until).total
    return offer.total + offer.discount != owed or offer.first.due_date < today


def person_reason(policy: OffersPolicy, situation: Situation, total: Money) -> str | None:
    """Why a person has to approve an offer of this total."""
    if situation.plan_broken:
        return "plan.broken_before"
    above = policy.plan.person_above if policy.plan else None
    return "policy.plan.person_above_pesos" if above is not None and total > above else None


def settlement_rule(policy: OffersPolicy, situation: Situation) -> tuple[int, SettlementRule] | None:
    """The first rule that covers the loan's age and product, with its place in the file."""
    for place, rule in enumerate(policy.settlements):
        if rule.covers(situation.dpd, situation.product):
            return place, rule
    return None
