"""What an amount owed is made of."""

from dataclasses import dataclass

from values.money import Money


@dataclass(frozen=True, slots=True)
class Breakdown:
    principal: Money
    interest: Money
    late_fees: Money
    tax: Money

    @classmethod
    def zero(cls) -> "Breakdown":
        return _ZERO

    @property
    def total(self) -> Money:
        return self.principal + self.interest + self.late_fees + self.tax

    def __add__(self, other: "Breakdown") -> "Breakdown":
        return Breakdown(
            self.principal + other.principal, self.interest + other.interest, self.late_fees + other.late_fees, self.tax + other.tax
        )  # fmt: skip


_ZERO = Breakdown(Money.zero(), Money.zero(), Money.zero(), Money.zero())
