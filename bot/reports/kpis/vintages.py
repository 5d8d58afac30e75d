"""What was collected of the loans that came to us in one month, by the months since."""

from typing import Any

from sqlalchemy import Select, and_, func, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY, received
from bot.reports.sql import city_date, total
from models import ledger_entry_table, loan_table, posting_table
from models.base import word


def facts(scope: Scope) -> Select[Any]:
    """`cohort`: the month in which the loans were opened here; `months`: since."""
    cohort, month, money = scope.periods.alias("cohort"), scope.periods.alias("month"), received()
    collected = (
        select(month.c.number, money.c.loan_id, total(money.c.amount).label("amount"))
        .join(money, money.c.paid_at < month.c.ends_at)
        .group_by(month.c.number, money.c.loan_id)
        .cte("collected")
    )
    placed = (
        select(ledger_entry_table.c.loan_id, total(posting_table.c.amount).label("amount"))
        .join(posting_table, posting_table.c.entry_id == ledger_entry_table.c.id)
        .where(ledger_entry_table.c.kind == word("loan.opened"), posting_table.c.account.like("receivable:%"))
        .group_by(ledger_entry_table.c.loan_id)
        .subquery("placed")
    )
    opened = city_date(loan_table.c.created_at)
    return (
        select(
            func.substr(cohort.c.period, 1, 7).label("cohort"),
            (month.c.number - cohort.c.number).label("months"),
            loan_table.c.id.label("loan_id"),
            func.coalesce(collected.c.amount, 0).label("numerator"),
            placed.c.amount.label("denominator"),
        )
        .select_from(loan_table)
        .join(placed, placed.c.loan_id == loan_table.c.id)
        .join(cohort, opened.between(cohort.c.first_day, cohort.c.last_day))
        .join(month, and_(month.c.number >= cohort.c.number, month.c.first_day <= scope.today))
        .outerjoin(
            collected, (collected.c.number == month.c.number) & (collected.c.loan_id == loan_table.c.id)
        )
    )


KPI = Kpi(
    "vintages", facts, in_money=True, dimensions=("cohort", "months"), grain="month", days=365, moved_by=MONEY
)
