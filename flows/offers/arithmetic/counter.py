"""What the borrower proposes instead: taken when it is inside policy, met by the nearest that is, or a
person's to decide.
"""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, cast

from flows.offers.arithmetic.barriers import barrier
from flows.offers.arithmetic.propose import most_parts, plan_of, plan_total, usual_frequency
from flows.offers.arithmetic.situation import Situation
from flows.types.offer import Offer
from flows.types.offers import OffersPolicy, PlanFrequency
from values import Money

_TWICE_A_MONTH = ("fortnightly", "semimonthly")
"""«Cada dos semanas» and «por quincena» mean the same wages: the days are read back."""


@dataclass(frozen=True, slots=True)
class Wish:
    """«puedo 300 por quincena», «en 4 pagos», «mejor en diciembre»: what was named, the rest is open."""

    amount: Money | None = None
    """Per part."""
    parts: int | None = None
    frequency: str | None = None
    first: date | None = None
    whole: bool = False
    """«todo lo que debo»: not only what is overdue."""
    down: Money | None = None
    """«200 ahorita y lo demás en 2 pagos»: the first of the parts."""
    then: date | None = None
    """«200 hoy y 150 cada viernes»: the day of the second part, where the first one is of its own."""
    daily: bool = False
    """«200 diarios»: more often than any plan has it, and met by the week."""

    def to_json(self) -> dict[str, Any]:
        """What was named, for whoever decides about it."""
        first = self.first.isoformat() if self.first else None
        amount = self.amount.centavos if self.amount is not None else None
        named = {"amount": amount, "parts": self.parts, "frequency": self.frequency, "first": first}
        named["down"] = self.down.centavos if self.down is not None else None
        return {name: value for name, value in named.items() if value is not None}

    def __bool__(self) -> bool:
        named = (self.amount, self.parts, self.frequency, self.first, self.down)
        return self.whole or any(value is not None for value in named)


@dataclass(frozen=True, slots=True)
class Counter:
    """`taken`: the wish is inside policy. `nearest`: the closest that is. `none`: policy has no plan
    for it.
    """

    answer: Literal["taken", "nearest", "none"]
    offer: Offer | None = None


def counter(policy: OffersPolicy, situation: Situation, wish: Wish) -> Counter:
    """Depends on the wish and the debt alone, never on how often somebody asked."""
    plan = policy.plan
    if plan is None or barrier(policy, situation) is not None:
        return Counter("none")
    frequency, granted = _frequency(policy, wish)
    total = plan_total(plan, situation)[1]
    down = wish.down if wish.down is not None and plan.min_part <= wish.down < total else None
    most = most_parts(plan, situation, frequency, wish.first, down, wish.then)
    if most < 2:
        without = (
            counter(policy, situation, replace(wish, down=None)) if down is not None else Counter("none")
        )
        return replace(without, answer="nearest") if without.offer is not None else without
    wanted = _parts(wish, total, down, most)
    parts = min(max(wanted, 2), most)
    offer = plan_of(policy, situation, frequency, parts, wish.first, down, wish.then)
    if offer is None:
        return Counter("none")
    inside = (
        granted
        and parts == wanted
        and (wish.first is None or offer.first.due_date >= wish.first)
        and (wish.amount is None or _each(offer, wish) <= wish.amount)
        and wish.down in (None, offer.first.amount)
    )
    return Counter("taken" if inside else "nearest", offer)


def _frequency(policy: OffersPolicy, wish: Wish) -> tuple[PlanFrequency, bool]:
    assert policy.plan is not None
    if wish.frequency is None:
        return usual_frequency(policy.plan), True
    alike = _TWICE_A_MONTH if wish.frequency in _TWICE_A_MONTH else ()
    for named in (wish.frequency, *alike):
        if named in policy.plan.frequencies:
            return cast("PlanFrequency", named), True
    return usual_frequency(policy.plan), False


def _each(offer: Offer, wish: Wish) -> Money:
    """The largest part, without the one that was named apart."""
    return offer.largest if wish.down is None else max(part.amount for part in offer.parts[1:])


def _parts(wish: Wish, total: Money, down: Money | None, most: int) -> int:
    """The number that was named, or as many as reduce each part to the sum that was named."""
    if wish.parts is not None:
        return wish.parts
    if wish.amount is not None and wish.amount.centavos > 0:
        spread = total - down if down is not None else total
        return max(2, -(-spread.centavos // wish.amount.centavos) + (down is not None))
    return most
