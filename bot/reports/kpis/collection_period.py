"""How many days after its due date a peso arrives: days weighted by money, not by payments."""

from typing import Any

from sqlalchemy import Select, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY, allocated
from bot.reports.sql import city_date, days_between, larger


def facts(scope: Scope) -> Select[Any]:
    """What is paid early counts as paid on its day."""
    periods, money = scope.periods, allocated()
    late = larger(days_between(money.c.due_date, city_date(money.c.paid_at)), 0)
    return select(
        periods.c.period,
        money.c.loan_id,
        (late * money.c.amount).label("numerator"),
        money.c.amount.label("denominator"),
    ).join(money, (money.c.paid_at >= periods.c.starts_at) & (money.c.paid_at < periods.c.ends_at))


KPI = Kpi("collection_period", facts, unit="days", moved_by=MONEY)
