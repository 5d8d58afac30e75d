"""The balance of loans with an instalment more than 90 days late, of the whole balance: like the IMOR, whose
own «cartera vencida» is decided by the accounting criteria of the CNBV.
"""

from typing import Any

from sqlalchemy import Select, case, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.kpis import arrears
from bot.reports.money import MONEY
from bot.reports.standing import LAST_BUCKET, LEVELS
from models.base import word


def facts(scope: Scope) -> Select[Any]:
    standing = arrears.facts(scope).subquery("arrears")
    balance = standing.c.numerator
    return select(
        standing.c.period,
        standing.c.loan_id,
        case((standing.c.late == word(LAST_BUCKET), balance), else_=0).label("numerator"),
        balance.label("denominator"),
        case((standing.c.late != word(LEVELS[0]), balance), else_=0).label("late_centavos"),
    )


KPI = Kpi("imor", facts, extras=("late_centavos",), in_money=True, at_close=True, moved_by=MONEY)
