"""What was paid on loans with something due, against what was due of them."""

from typing import Any

from sqlalchemy import Select, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import received, reduced_before, reduced_otherwise
from bot.reports.sql import total
from models import instalment_table


def facts(scope: Scope) -> Select[Any]:
    periods, loans, money = scope.periods, reduced_otherwise(), received()
    due = (
        select(total(instalment_table.c.amount_centavos))
        .where(
            instalment_table.c.loan_id == loans.c.loan_id,
            instalment_table.c.due_date <= periods.c.last_day,
            instalment_table.c.due_date <= scope.today,
        )
        .correlate(periods, loans)
        .scalar_subquery()
    )
    paid = (
        select(total(money.c.amount))
        .where(
            money.c.loan_id == loans.c.loan_id,
            money.c.paid_at >= periods.c.starts_at,
            money.c.paid_at < periods.c.ends_at,
        )
        .correlate(periods, loans)
        .scalar_subquery()
    )
    rows = (
        select(
            periods.c.period,
            loans.c.loan_id,
            paid.label("numerator"),
            (due - reduced_before(periods.c.starts_at)).label("denominator"),
        )
        .select_from(periods.join(loans, periods.c.starts_at < periods.c.ends_at))
        .subquery()
    )
    return select(rows).where(rows.c.denominator > 0)


KPI = Kpi("recovery", facts, in_money=True)
