"""Debits that were settled, of those that were submitted: by how much they asked for, and on which day of the
month.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, case, extract, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import charge_table
from models.base import word

BANDS = ((50_000, "<=500"), (100_000, "501-1000"), (250_000, "1001-2500"), (500_000, "2501-5000"))
LAST_BAND = ">5000"
"""Pesos."""


def _facts(about: ColumnElement[Any]) -> Callable[[Scope], Select[Any]]:
    settled = charge_table.c.status == word("settled")

    def facts(scope: Scope) -> Select[Any]:
        periods = scope.periods
        return select(
            periods.c.period,
            charge_table.c.loan_id,
            about,
            count_of(settled).label("numerator"),
            literal(1).label("denominator"),
            case((settled, charge_table.c.amount), else_=0).label("settled_centavos"),
        ).join(
            charge_table,
            (charge_table.c.submitted_at >= periods.c.starts_at)
            & (charge_table.c.submitted_at < periods.c.ends_at),
        )

    return facts


def _band() -> ColumnElement[str]:
    return case(*((charge_table.c.amount <= most, word(name)) for most, name in BANDS), else_=word(LAST_BAND))


BY_AMOUNT = Kpi(
    "debit_amounts",
    _facts(_band().label("band")),
    dimensions=("band",),
    extras=("settled_centavos",),
    levels=(*(name for _, name in BANDS), LAST_BAND),
)
BY_DAY = Kpi(
    "debit_days",
    _facts(extract("day", charge_table.c.charge_on).cast(Integer).label("month_day")),
    dimensions=("month_day",),
    extras=("settled_centavos",),
)
