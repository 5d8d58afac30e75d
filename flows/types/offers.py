"""What a lender lets the bot agree without a person: the `[policy…]` tables of `lender.toml` as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from values import Money

PlanFrequency = Literal["weekly", "fortnightly", "semimonthly", "monthly"]
FREQUENCIES: tuple[PlanFrequency, ...] = ("weekly", "fortnightly", "semimonthly", "monthly")

_CAPTURE: Mapping[str, Literal["page", "chat"]] = MappingProxyType(
    {"whatsapp": "page", "sms": "chat", "email": "page", "web": "chat"}
)


@dataclass(frozen=True, slots=True)
class DownPayment:
    """From `from_dpd` days past due on, the first part is at least `percent` of the plan."""

    from_dpd: int
    percent: int


@dataclass(frozen=True, slots=True)
class PlanPolicy:
    max_parts: int
    max_days: int
    """The last payment is at most so many days from the day of the offer."""
    first_within_days: int
    min_part: Money
    frequencies: tuple[PlanFrequency, ...]
    person_above: Money | None = None
    waive_late_fees_percent: int = 0
    down_payments: tuple[DownPayment, ...] = ()
    valid_days: int = 3
    """Days on which an offer is offered again unchanged."""
    ahead_days: int = 0
    """What falls due within so many days is spread too."""
    whole: bool = False
    """Whether all that is owed may be spread, where the borrower asks for it."""
    supervisor: "PlanPolicy | None" = None
    """The same with the wider limits of what a supervisor may grant."""

    def down_payment_percent(self, dpd: int) -> int:
        """Of the tier with the highest `from_dpd` that the loan has reached; 0 where it has reached none."""
        reached = [tier for tier in self.down_payments if tier.from_dpd <= dpd]
        return max(reached, key=lambda tier: tier.from_dpd).percent if reached else 0


@dataclass(frozen=True, slots=True)
class SettlementRule:
    """What may be waived of a loan between two ages when the rest is paid in time."""

    from_dpd: int
    to_dpd: int
    products: tuple[str, ...]
    """Empty: all."""
    late_fees_percent: int
    interest_percent: int
    principal_percent: int
    tax_percent: int
    pay_within_days: int
    parts: int = 1

    def covers(self, dpd: int, product: str | None) -> bool:
        return self.from_dpd <= dpd <= self.to_dpd and (not self.products or product in self.products)


@dataclass(frozen=True, slots=True)
class ExtensionPolicy:
    """One due date moved once, for loans that are hardly late."""

    max_days: int
    to_dpd: int
    once_in_days: int


@dataclass(frozen=True, slots=True)
class DueDayPolicy:
    """Every due date moved to the payday next to it, by at most so many days."""

    max_shift_days: int


@dataclass(frozen=True, slots=True)
class PayoffPolicy:
    """A loan paid off early: whether interest that has not fallen due yet is charged all the same."""

    future_interest: bool = True


@dataclass(frozen=True, slots=True)
class OffersPolicy:
    """Everything that may be agreed. A table that is absent allows nothing."""

    plan: PlanPolicy | None = None
    settlements: tuple[SettlementRule, ...] = ()
    extension: ExtensionPolicy | None = None
    due_day: DueDayPolicy | None = None
    payoff: PayoffPolicy = field(default_factory=PayoffPolicy)
    account_capture: Mapping[str, Literal["page", "chat"]] = field(default_factory=lambda: _CAPTURE)
    version: str = ""
    """Of the tables that this was read from: kept with every offer."""

    def of_supervisor(self) -> "OffersPolicy":
        """What a supervisor may grant: the bot's own limits where the lender gives no wider ones."""
        wider = self.plan.supervisor if self.plan else None
        return replace(self, plan=wider) if wider else self
