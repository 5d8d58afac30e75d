"""What an offer may depend on: the debt, its age and what was agreed before. Nobody's name, tone or patience
is in here, so that equals are treated equally.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flows.types.facts import LoanFacts
from flows.types.offers import OffersPolicy
from values import Breakdown, Money

_WHOLE = 36_500
"""Days beyond the last instalment of any loan."""


@dataclass(frozen=True, slots=True)
class Owed:
    """What is unpaid of one instalment."""

    number: int
    due_date: date
    unpaid: Breakdown


@dataclass(frozen=True, slots=True)
class Situation:
    """A loan on the day `as_of`: today, or the day of the offers that still stand."""

    as_of: date
    instalments: Sequence[Owed]
    """Unpaid ones, oldest first."""
    product: str | None = None
    status: str = "overdue"
    holds: frozenset[str] = frozenset()
    plan_in_force: bool = False
    plan_broken: bool = False
    """Whether an earlier plan of this loan was broken."""
    extended_on: date | None = None
    """When a due date was last moved."""
    ahead_days: int = 0
    """A plan spreads what falls due within so many days, too."""

    @property
    def dpd(self) -> int:
        """Days since the oldest unpaid instalment fell due."""
        return max(0, (self.as_of - self.instalments[0].due_date).days) if self.instalments else 0

    @property
    def outstanding(self) -> Breakdown:
        return Breakdown.sum(owed.unpaid for owed in self.instalments)

    @property
    def covered(self) -> Breakdown:
        """What a plan spreads: all that is due by now, or else the next instalment."""
        return self.owed_until(self.covers_until)

    def owed_until(self, day: date) -> Breakdown:
        """Of the instalments that fall due up to that day."""
        return Breakdown.sum(owed.unpaid for owed in self.instalments if owed.due_date <= day)

    @property
    def covers_until(self) -> date:
        """The last due date of what a plan spreads."""
        near = self.as_of + timedelta(days=self.ahead_days)
        due = [owed.due_date for owed in self.instalments if owed.due_date <= near]
        return max(due or [owed.due_date for owed in self.instalments[:1]], default=self.as_of)

    @property
    def owes(self) -> Money:
        return self.outstanding.total


def situation_of(
    loan: LoanFacts, today: date, policy: OffersPolicy | None = None, *, whole: bool = False
) -> Situation:
    """Of a loan today; or, while offers stand that spread what it owes, as of the day on which they were
    made: asked again within their validity, the same is offered. `whole`: with all that is owed to be
    spread, where policy allows it.
    """
    plan = policy.plan if policy else None
    ahead_days = 0 if plan is None else _WHOLE if whole and plan.whole else plan.ahead_days
    now = _as_of(loan, today, ahead_days)
    for offer in sorted(loan.offered, key=lambda offer: offer.offered_on):
        then = _as_of(loan, offer.offered_on, ahead_days)
        spread = then.owed_until(offer.covers_until).total
        if offer.offered_on <= today <= offer.valid_until and offer.owed == spread:
            return then
    return now


def _as_of(loan: LoanFacts, day: date, ahead_days: int) -> Situation:
    return Situation(
        as_of=day,
        instalments=tuple(Owed(i.number, i.due_date, i.unpaid) for i in loan.instalments),
        product=loan.product,
        status=loan.status,
        holds=loan.holds,
        plan_in_force=loan.plan is not None,
        plan_broken=loan.plan_broken,
        extended_on=loan.extended_on,
        ahead_days=ahead_days,
    )
