"""Agreements kept, of those that ended; reported by the day on which they were agreed."""

from typing import Any

from sqlalchemy import Select, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import plan_table
from models.base import word, words


def facts(scope: Scope) -> Select[Any]:
    periods, status = scope.periods, plan_table.c.status
    return select(
        periods.c.period,
        plan_table.c.loan_id,
        plan_table.c.kind,
        count_of(status == word("kept")).label("numerator"),
        count_of(status.in_(words("kept", "broken"))).label("denominator"),
        *(count_of(status == word(state)).label(state) for state in ("active", "broken", "cancelled")),
        plan_table.c.total.label("total_centavos"),
        plan_table.c.discount.label("discount_centavos"),
    ).join(
        plan_table,
        (plan_table.c.agreed_at >= periods.c.starts_at) & (plan_table.c.agreed_at < periods.c.ends_at),
    )


KPI = Kpi(
    "plans",
    facts,
    dimensions=("kind",),
    extras=("active", "broken", "cancelled", "total_centavos", "discount_centavos"),
)
