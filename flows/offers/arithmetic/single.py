"""Offers that are no plan: a settlement, an extension, a due day moved to the payday, an early pay-off."""

from datetime import date, timedelta

from flows.offers.arithmetic.barriers import barrier, person_reason, settlement_rule
from flows.offers.arithmetic.schedule import split
from flows.offers.arithmetic.situation import Situation
from flows.types.offer import Offer, Part
from flows.types.offers import OffersPolicy, SettlementRule
from values import Breakdown, Money, is_banking_day, next_banking_day, next_payday, roll_back, roll_forward


def settlement(policy: OffersPolicy, situation: Situation) -> Offer | None:
    """What closes the loan for less than it owes, or null where policy opens no discount."""
    found = settlement_rule(policy, situation)
    if found is None or barrier(policy, situation) is not None:
        return None
    place, rule = found
    discount = _waived(rule, situation.outstanding)
    total = situation.owes - discount
    days = _days(rule, situation.as_of)
    if not discount or not total or not days:
        return None
    amounts = split(total, len(days), 0)
    return Offer(
        "settlement",
        tuple(Part(day, amount) for day, amount in zip(days, amounts, strict=True)),
        "single" if len(days) == 1 else "instalment",
        discount,
        f"policy.settlement[{place}]",
        situation.as_of,
        situation.instalments[-1].due_date,
        person_reason(policy, situation, total),
    )


def _waived(rule: SettlementRule, owed: Breakdown) -> Money:
    shares = (
        (owed.late_fees, rule.late_fees_percent),
        (owed.interest, rule.interest_percent),
        (owed.principal, rule.principal_percent),
        (owed.tax, rule.tax_percent),
    )
    return Money(sum(amount.centavos * percent // 100 for amount, percent in shares))


def _days(rule: SettlementRule, as_of: date) -> tuple[date, ...]:
    """Evenly over the days in which it may be paid, the last part on the last of them."""
    wanted = (as_of + timedelta(days=rule.pay_within_days * (n + 1) // rule.parts) for n in range(rule.parts))
    open_days = dict.fromkeys(roll_back(day) for day in wanted)
    return tuple(day for day in open_days if day >= as_of)


def extension(policy: OffersPolicy, situation: Situation, wished: date | None = None) -> Offer | None:
    """The oldest unpaid instalment, later: on the wished day or the payday, within the days that policy
    gives.
    """
    rule = policy.extension
    if rule is None or barrier(policy, situation) is not None or situation.dpd > rule.to_dpd:
        return None
    last = situation.extended_on
    if last is not None and (situation.as_of - last).days < rule.once_in_days:
        return None
    oldest = situation.instalments[0]
    start = max(oldest.due_date, situation.as_of)
    latest = roll_back(start + timedelta(days=rule.max_days))
    day = min(roll_forward(wished or next_payday(next_banking_day(start))), latest)
    if day <= start:
        return None
    return Offer(
        "extension",
        (Part(day, oldest.unpaid.total),),
        "single",
        Money.zero(),
        "policy.extension",
        situation.as_of,
        oldest.due_date,
        person_reason(policy, situation, oldest.unpaid.total),
    )


def due_day_moved(policy: OffersPolicy, situation: Situation) -> Offer | None:
    """Each instalment to come, on the payday after it: null where one would be moved too far, or none
    moves.
    """
    rule = policy.due_day
    if rule is None or barrier(policy, situation) is not None or situation.dpd > 0:
        return None
    parts = tuple(Part(next_payday(owed.due_date), owed.unpaid.total) for owed in situation.instalments)
    shifts = [
        (part.due_date - owed.due_date).days for part, owed in zip(parts, situation.instalments, strict=True)
    ]
    distinct_days = len({part.due_date for part in parts}) == len(parts)
    if not any(shifts) or max(shifts) > rule.max_shift_days or not distinct_days:
        return None
    return Offer(
        "due_day",
        parts,
        "instalment",
        Money.zero(),
        "policy.due_day",
        situation.as_of,
        situation.instalments[-1].due_date,
        person_reason(policy, situation, situation.owes),
    )


def payoff(policy: OffersPolicy, situation: Situation, day: date) -> Offer:
    """What closes the loan on `day`. Where contract or law free it of future interest, the instalment that
    runs on that day still pays its own, and the later ones' is the discount.
    """
    owed = situation.outstanding
    ahead = [each.unpaid for each in situation.instalments if each.due_date > day]
    later = Breakdown.sum(ahead[1:])
    discount = Money.zero() if policy.payoff.future_interest else later.interest + later.tax
    paid_on = day if is_banking_day(day) else roll_forward(day)
    return Offer(
        "settlement",
        (Part(paid_on, owed.total - discount),),
        "single",
        discount,
        "policy.payoff",
        situation.as_of,
        situation.instalments[-1].due_date,
        person_reason(policy, situation, owed.total - discount) if discount else None,
    )


def absence(policy: OffersPolicy, situation: Situation, kind: str) -> str:
    """The rule by which there is no offer of this kind."""
    tables = {
        "settlement": bool(policy.settlements),
        "extension": policy.extension is not None,
        "due_day": policy.due_day is not None,
    }
    if not tables[kind]:
        return f"policy.{kind} is absent"
    if kind == "settlement":
        found = settlement_rule(policy, situation)
        if found is None:
            return f"policy.settlement: none covers {situation.dpd} days past due"
        return f"policy.settlement[{found[0]}].percent"
    if kind == "extension":
        assert policy.extension is not None
        late = situation.dpd > policy.extension.to_dpd
        return "policy.extension.to_dpd" if late else "policy.extension.once_in_days"
    return "policy.due_day.max_shift_days"
