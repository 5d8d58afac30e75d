"""What came in before a day and after it, by rail; and what would have come in after it with the loans that
there were before: as many, of the same ages.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import CTE, Connection, func, literal, select

from bot.reports.money import received, reduced
from bot.reports.periods import Period, as_table
from bot.reports.sql import city_date, days_between, larger, smaller, total
from models import instalment_table, loan_table

MONTH_DAYS = 30
OLDEST_MONTHS = 12
"""Loans that are older than that are one cohort."""
Amounts = Mapping[str, int]
"""Centavos by rail."""


@dataclass(frozen=True, slots=True)
class Side:
    period: Period
    loans: int
    """That owed something at its beginning, or were opened within it."""
    amounts: Amounts


@dataclass(frozen=True, slots=True)
class Comparison:
    before: Side
    after: Side
    equal: Amounts
    """What came in after, cohort by cohort, per loan, times the loans of the cohort before. Cohorts that were
    not there before, or are not there after, count nothing.
    """

    @property
    def rails(self) -> list[str]:
        return sorted({*self.before.amounts, *self.after.amounts})


def before_and_after(connection: Connection, day: date, days: int) -> Comparison:
    """The `days` before `day`, and as many from it on. A cohort: the loan's age in months of 30 days at the
    beginning of its side.
    """
    span = timedelta(days=days)
    sides = (
        Period(day - span, day - timedelta(days=1)),
        Period(day, day + span - timedelta(days=1)),
    )
    periods = as_table(sides)
    portfolio, money = _portfolio(periods), received()
    loans: dict[int, dict[int, int]] = {0: {}, 1: {}}
    for number, cohort, count in connection.execute(
        select(portfolio.c.number, portfolio.c.cohort, func.count()).group_by(
            portfolio.c.number, portfolio.c.cohort
        )
    ):
        loans[number][cohort] = count
    paid: dict[int, dict[tuple[int, str], int]] = {0: {}, 1: {}}
    for number, cohort, rail, amount in connection.execute(
        select(portfolio.c.number, portfolio.c.cohort, money.c.rail, total(money.c.amount))
        .join(money, money.c.loan_id == portfolio.c.loan_id)
        .where(money.c.paid_at >= portfolio.c.starts_at, money.c.paid_at < portfolio.c.ends_at)
        .group_by(portfolio.c.number, portfolio.c.cohort, money.c.rail)
    ):
        paid[number][cohort, rail] = amount
    before, after = (
        Side(each, sum(loans[number].values()), _by_rail(paid[number])) for number, each in enumerate(sides)
    )
    return Comparison(before, after, _held_equal(paid[1], loans[0], loans[1]))


def _held_equal(
    paid: Mapping[tuple[int, str], int], before: Mapping[int, int], after: Mapping[int, int]
) -> Amounts:
    return _by_rail(
        {
            (cohort, rail): round(amount * before.get(cohort, 0) / after[cohort])
            for (cohort, rail), amount in paid.items()
        }
    )


def _by_rail(paid: Mapping[tuple[int, str], int]) -> Amounts:
    sums: defaultdict[str, int] = defaultdict(int)
    for (_, rail), amount in paid.items():
        sums[rail] += amount
    return dict(sums)


def _portfolio(periods: CTE) -> CTE:
    """`number, starts_at, ends_at, loan_id, cohort`"""
    before = reduced(periods, periods.c.starts_at, "before")
    opened = func.coalesce(loan_table.c.opened_on, city_date(loan_table.c.created_at))
    owed = (
        select(instalment_table.c.loan_id, total(instalment_table.c.amount_centavos).label("amount"))
        .group_by(instalment_table.c.loan_id)
        .subquery("owed")
    )
    age = larger(days_between(opened, periods.c.first_day) // MONTH_DAYS, 0)
    standing = owed.c.amount > before.c.amount
    return (
        select(
            periods.c.number,
            periods.c.starts_at,
            periods.c.ends_at,
            before.c.loan_id,
            smaller(age, literal(OLDEST_MONTHS)).label("cohort"),
        )
        .join(before, before.c.number == periods.c.number)
        .join(loan_table, loan_table.c.id == before.c.loan_id)
        .join(owed, owed.c.loan_id == before.c.loan_id)
        .where(opened <= periods.c.last_day, (opened >= periods.c.first_day) | standing)
        .cte("portfolio")
    )
