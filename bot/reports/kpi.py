"""What a KPI declares of itself; the report is derived from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from sqlalchemy import CTE, Select

from bot.reports.periods import Grain

Unit = Literal["ratio", "days", "per_10000"]
FACTORS: Mapping[str, int] = {"per_10000": 10_000}
"""What the quotient is multiplied by."""
MessagePrice = tuple[str, str, date, date, int]
"""`channel, category, since, until` (excluded) and the centavos of a message."""


@dataclass(frozen=True, slots=True)
class Costs:
    """What collecting costs the lender, in centavos."""

    prices: Sequence[MessagePrice] = (("", "", date.min, date.max, 0),)
    debit: int = 0
    """Of a debit that is submitted, whatever comes of it."""
    call: int = 0
    reply: int = 0
    """Of a message that a person writes."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is counted over: the periods as a table (`periods.as_table`), and the day it is."""

    periods: CTE
    today: date
    costs: Costs = Costs()


@dataclass(frozen=True, slots=True)
class Kpi:
    """`facts` answers rows of `period, numerator, denominator` (no denominator where it has `share_of`), the
    `dimensions` that each row of the report carries, and `extras`, summed like the rest. With a `loan_id`
    too, it can be split by product and lender.
    """

    name: str
    facts: Callable[[Scope], Select[Any]]
    unit: Unit = "ratio"
    dimensions: tuple[str, ...] = ()
    extras: tuple[str, ...] = ()
    share_of: tuple[str, ...] | None = None
    """Where set, the denominator is the sum of the numerators of all rows alike in these dimensions."""
    levels: tuple[str, ...] = ()
    """Values of the dimensions that have an order of their own: rows come in it."""
    in_money: bool = False
    """Whether the numerator and the denominator are centavos."""
    by_loan: bool = True
    grain: Grain | None = None
    """Where set, it is counted in these periods, whatever is asked."""
    at_close: bool = False
    """Whether it is counted of the last day alone, however long the period."""
    moved_by: tuple[str, ...] = ()
    """The kinds of ledger entries that change it within a day, where nothing else does."""
    days: int = 30
    """How far back it looks where no day is given."""
