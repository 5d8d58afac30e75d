"""How a payment is spread over what is owed: versioned rules, kept on the loan, so that a replay spreads
alike.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.ledger.entry import Leg

ORDER = ("tax", "late_fees", "interest", "principal")


@dataclass(frozen=True, slots=True)
class Unpaid:
    """What one instalment still owes, by component, in centavos."""

    number: int
    parts: dict[str, int]


@dataclass(frozen=True, slots=True)
class Allocation:
    """`(instalment, component, centavos)`, and what is left over for `unapplied`."""

    parts: tuple[tuple[int, str, int], ...]
    unapplied: int

    def legs(self, source: str = "bank") -> list[Leg]:
        """Money in at `source`; receivables go down by what they are paid."""
        taken = sum(amount for _, _, amount in self.parts) + self.unapplied
        legs = [
            Leg(source, taken),
            *(Leg(f"receivable:{number}:{part}", -amount) for number, part, amount in self.parts),
        ]
        return [*legs, Leg("unapplied", -self.unapplied)] if self.unapplied else legs


def oldest_first(amount: int, unpaid: Sequence[Unpaid]) -> Allocation:
    """Oldest instalment first; within it tax, late fees, interest, principal."""
    parts: list[tuple[int, str, int]] = []
    for instalment in unpaid:
        for part in ORDER:
            if taken := min(amount, instalment.parts.get(part, 0)):
                parts.append((instalment.number, part, taken))
                amount -= taken
    return Allocation(tuple(parts), amount)


ALLOCATION_RULES: dict[str, Callable[[int, Sequence[Unpaid]], Allocation]] = {"oldest-first@1": oldest_first}


def allocate(rule: str, amount: int, unpaid: Sequence[Unpaid]) -> Allocation:
    """Spreads `amount` centavos over `unpaid`, oldest first in the list. KeyError for a rule that was never
    released.
    """
    return ALLOCATION_RULES[rule](amount, unpaid)
