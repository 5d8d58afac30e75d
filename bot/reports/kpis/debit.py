"""What became of the debits that were submitted, by the code of their return."""

from typing import Any

from sqlalchemy import Select, case, func, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import charge_table
from models.base import word, words


def facts(scope: Scope) -> Select[Any]:
    """Where there is no return code the charge's state stands in its place: a row says `settled`."""
    periods = scope.periods
    status = charge_table.c.status
    code = case(
        (status.in_(words("returned", "reversed")), func.coalesce(charge_table.c.return_code, status)),
        else_=status,
    )
    return select(
        periods.c.period,
        charge_table.c.loan_id,
        code.label("code"),
        literal(1).label("numerator"),
        charge_table.c.amount.label("amount_centavos"),
        count_of(status == word("settled")).label("settled"),
    ).join(
        charge_table,
        (charge_table.c.submitted_at >= periods.c.starts_at)
        & (charge_table.c.submitted_at < periods.c.ends_at),
    )


KPI = Kpi("debit", facts, dimensions=("code",), extras=("amount_centavos", "settled"), share_of=())
