"""A synthetic portfolio with two months of payments, of which direct debit brings 165,000 pesos in the first
and 1,300,000 in the second, 4 % of all that was received: what the before-and-after report is there to show.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.portfolio.sample import person, pesos
from values import CITY, roll_forward

TOTAL, DEBIT_BEFORE, DEBIT_AFTER = 3_250_000_000, 16_500_000, 130_000_000
"""Centavos a month."""
MONTH, SPREAD_DAYS = timedelta(days=30), 12
FEWEST_LOANS = 100
APART = 10_000
"""From the people of the other sample: both may be loaded."""
_OTHER_RAILS = ("spei", "spei", "spei", "cash", "transfer", "card")
_OPENED = timedelta(days=500)
"""Loans of one age in both months: what changed is not the portfolio."""


@dataclass(frozen=True, slots=True)
class Turnaround:
    loans: Sequence[dict[str, str]]
    """Rows of a tape, as of the day before the first month."""
    payments: Sequence[dict[str, str]]
    begins: date
    """The first day of the second month."""


def turnaround(loans: int, seed: int, today: date) -> Turnaround:
    """The same for the same seed and day; both months have passed."""
    rng = random.Random(seed)  # noqa: S311 - a sample, not a secret
    first, second = today - 2 * MONTH, today - MONTH
    debited = max(loans * DEBIT_AFTER // TOTAL, 3)
    few = max(debited // 8, 1)
    after = [*_split(rng, DEBIT_AFTER, debited), *_split(rng, TOTAL - DEBIT_AFTER, loans - debited)]
    before = [*_split(rng, DEBIT_BEFORE, few), *_split(rng, TOTAL - DEBIT_BEFORE, loans - few)]
    rows: list[dict[str, str]] = []
    payments: list[dict[str, str]] = []
    for index, amounts in enumerate(zip(before, after, strict=True)):
        rows += _loan(rng, index, amounts, first, today)
        rail = rng.choice(_OTHER_RAILS)
        rails = ("debit" if index < few else rail, "debit" if index < debited else rail)
        payments += [
            _payment(rng, index, amount, begins, how)
            for amount, begins, how in zip(amounts, (first, second), rails, strict=True)
        ]
    return Turnaround(rows, sorted(payments, key=lambda payment: payment["paid_at"]), second)


def _split(rng: random.Random, total: int, parts: int) -> list[int]:
    """Into uneven parts that add up to it."""
    weights = [rng.uniform(0.6, 1.4) for _ in range(parts)]
    found = [int(total * weight / sum(weights)) for weight in weights]
    found[-1] += total - sum(found)
    return found


def _loan(
    rng: random.Random, index: int, amounts: tuple[int, int], first: date, today: date
) -> Iterator[dict[str, str]]:
    """One instalment before the two months, paid; one in each; one to come."""
    opened = today - _OPENED
    dues = (opened + MONTH, first + MONTH / 2, first + 3 * MONTH / 2, today + MONTH / 2)
    someone = person(rng, APART + index)
    for number, (due, amount) in enumerate(zip(dues, (amounts[0], *amounts, amounts[1]), strict=True), 1):
        yield {
            **someone,
            "loan_id": f"NEG-{1001 + index}",
            "instalment_no": str(number),
            "due_date": roll_forward(due).isoformat(),
            "amount_due": pesos(amount),
            "amount_paid": pesos(amount if number == 1 else 0),
            "product": "Crédito para tu negocio",
            "opened_on": opened.isoformat(),
            "as_of": (first - timedelta(days=1)).isoformat(),
        }


def _payment(rng: random.Random, index: int, amount: int, begins: date, rail: str) -> dict[str, str]:
    day = begins + MONTH / 2 + timedelta(days=rng.randint(-SPREAD_DAYS, SPREAD_DAYS))
    return {
        "loan_id": f"NEG-{1001 + index}",
        "amount": pesos(amount),
        "paid_at": datetime.combine(day, time(11, rng.randrange(60)), CITY).isoformat(),
        "rail": rail,
        "reference": f"{begins:%y%m}-{index:06d}",
    }
