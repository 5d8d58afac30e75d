"""What became of an agreement, from its schedule and the money that came in: pure, and the same in any order
of reports.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Literal

from values import add_banking_days, payment_days

PartStatus = Literal["open", "kept", "missed"]
SETTLEMENT_GRACE = 2
"""Banking days after its last day, in which what was paid then may still be reported."""


@dataclass(frozen=True, slots=True)
class PlanPart:
    """As agreed: `due_date` is the first one, whatever was moved since."""

    number: int
    due_date: date
    amount: int
    charged: bool = False
    """Whether a debit of it is under way: it is not missed before that has come back."""


@dataclass(frozen=True, slots=True)
class CountedPart:
    """`paid_on`: the value date of the money that completed it; `forgiven`: what of it is owed no more."""

    number: int
    due_date: date
    amount: int
    paid: int = 0
    paid_on: date | None = None
    moved_from: date | None = None
    paid_by_then: int = 0
    """What had come of it when it was moved: that counts towards the part that falls due next."""
    charged: bool = False
    forgiven: int = 0

    @property
    def asked(self) -> int:
        return self.amount - self.forgiven

    @property
    def done(self) -> bool:
        return self.paid == self.asked

    @property
    def lacking(self) -> int:
        """What did not come of it on its day."""
        return self.asked - (self.paid_by_then if self.moved_from else self.paid)

    def missed(self, today: date) -> bool:
        """Whether its day passed without it."""
        return self.due_date < self.paid_on if self.paid_on else not self.done and self._passed(today)

    def status(self, today: date) -> PartStatus:
        if self.done:
            return "kept"
        return "missed" if self._passed(today) else "open"

    def _passed(self, today: date) -> bool:
        return self.due_date < today and not self.charged


@dataclass(frozen=True, slots=True)
class PlanOutcome:
    status: Literal["active", "kept", "broken"]
    parts: tuple[CountedPart, ...]
    """In the order in which they fall due now."""
    late: bool = False
    """All was paid, but after its last day: a person decides about the discount."""


def count_towards_plan(
    parts: Sequence[CountedPart], payments: Sequence[tuple[date, int]]
) -> tuple[CountedPart, ...]:
    """Each payment `(value date, centavos)`, earliest first, to the part that falls due first."""
    money = sorted(payments)
    counted: list[CountedPart] = []
    for part in parts:
        paid, paid_on = 0, None
        while money and paid < part.asked:
            day, amount = money[0]
            taken = min(amount, part.asked - paid)
            paid += taken
            money[0] = (day, amount - taken)
            if not money[0][1]:
                money.pop(0)
            paid_on = day if paid == part.asked else None
        counted.append(replace(part, paid=paid, paid_on=paid_on))
    return tuple(counted)


def plan_outcome(
    kind: str,
    frequency: str,
    parts: Sequence[PlanPart],
    payments: Sequence[tuple[date, int]],
    today: date,
    forgiven: int = 0,
) -> PlanOutcome:
    """One part of a plan that is missed moves to the end, once; two in a row break it, and so does an end
    without the money; a settlement waits two banking days for it. Nothing else is moved. `forgiven`, in
    centavos, is owed no more, whoever took it off: the last parts are lessened by it.
    """
    agreed = _lessened(parts, forgiven)
    counted = count_towards_plan(agreed, payments)
    if kind == "plan" and len(counted) > 1:
        first_missed = next((place for place, part in enumerate(counted) if part.missed(today)), None)
        if first_missed is not None and first_missed < len(counted) - 1:
            paid = counted[first_missed].paid
            counted = count_towards_plan(_moved(agreed, first_missed, frequency, paid), payments)
    two_missed = kind != "settlement" and _two_in_a_row(counted, today)
    if all(part.done for part in counted) and not two_missed:
        late = kind == "settlement" and any(part.missed(today) for part in counted)
        return PlanOutcome("active" if late else "kept", counted, late)
    last = counted[-1]
    ends_on = add_banking_days(last.due_date, SETTLEMENT_GRACE) if kind == "settlement" else last.due_date
    over = ends_on < today and not last.charged
    return PlanOutcome("broken" if over or two_missed else "active", counted)


def _lessened(parts: Sequence[PlanPart], forgiven: int) -> list[CountedPart]:
    lessened: list[CountedPart] = []
    for part in reversed(parts):
        taken = min(forgiven, part.amount)
        forgiven -= taken
        lessened.append(
            CountedPart(part.number, part.due_date, part.amount, charged=part.charged, forgiven=taken)
        )
    return lessened[::-1]


def _moved(parts: Sequence[CountedPart], place: int, frequency: str, paid: int) -> list[CountedPart]:
    missed, last = parts[place], parts[-1]
    day = next(islice(payment_days(frequency, last.due_date), 1, None))
    moved = replace(missed, due_date=day, moved_from=missed.due_date, paid_by_then=paid)
    return [*parts[:place], *parts[place + 1 :], moved]


def _two_in_a_row(parts: Sequence[CountedPart], today: date) -> bool:
    """As they were agreed: a part that was moved was missed on its first day."""
    missed = {part.number for part in parts if part.missed(today) or part.moved_from is not None}
    return any(number + 1 in missed for number in missed)
