"""What an amount owed is made of."""

from collections.abc import Iterable
from dataclasses import dataclass

from values.money import Money


@dataclass(frozen=True, slots=True)
class Breakdown:
    principal: Money
    interest: Money
    late_fees: Money
    tax: Money

    @property
    def total(self) -> Money:
        return Money.total((self.principal, self.interest, self.late_fees, self.tax))

    @classmethod
    def sum(cls, parts: "Iterable[Breakdown]") -> "Breakdown":
        """Of any number of them, none included."""
        each = tuple(parts)
        return cls(
            Money.total([part.principal for part in each]),
            Money.total([part.interest for part in each]),
            Money.total([part.late_fees for part in each]),
            Money.total([part.tax for part in each]),
        )
