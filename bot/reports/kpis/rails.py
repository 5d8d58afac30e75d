"""By which rail the money came."""

from typing import Any

from sqlalchemy import Select, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY, received
from bot.reports.sql import count_of


def facts(scope: Scope) -> Select[Any]:
    periods, money = scope.periods, received()
    return select(
        periods.c.period,
        money.c.loan_id,
        money.c.rail,
        money.c.amount.label("numerator"),
        count_of(money.c.amount > 0).label("payments"),
    ).join(money, (money.c.paid_at >= periods.c.starts_at) & (money.c.paid_at < periods.c.ends_at))


KPI = Kpi(
    "rails", facts, dimensions=("rail",), extras=("payments",), in_money=True, share_of=(), moved_by=MONEY
)
