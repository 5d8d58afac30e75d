"""The sample of a turnaround brings the sums that the before-and-after report is to show."""

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from bot.portfolio import turnaround

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize("loans", [100, 650, 1_000])
def test_direct_debit_grows_to_four_percent_of_all(loans: int) -> None:
    made = turnaround(loans, 1, TODAY)
    sums: defaultdict[tuple[bool, bool], Decimal] = defaultdict(Decimal)
    for payment in made.payments:
        after = date.fromisoformat(payment["paid_at"][:10]) >= made.begins
        sums[after, payment["rail"] == "debit"] += Decimal(payment["amount"])
    assert sums[False, True] == 165_000
    assert sums[True, True] == 1_300_000
    assert sums[True, False] + sums[True, True] == sums[False, False] + sums[False, True] == 32_500_000
    assert made == turnaround(loans, 1, TODAY)
    days = [payment["paid_at"][:10] for payment in made.payments]
    assert (days[0], days[-1]) > ("2026-09-25", "2026-11-01")
    assert days[-1] < TODAY.isoformat()
