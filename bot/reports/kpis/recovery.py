"""What was paid on loans with something due, against what was due of them."""

from typing import Any

from sqlalchemy import Select, case, literal, select, union_all

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import MONEY, reduced_otherwise, reductions
from bot.reports.sql import total
from models import instalment_table


def facts(scope: Scope) -> Select[Any]:
    """Added up by loan from rows of `(due, reduced, paid)`."""
    periods, loans, dated, zero = scope.periods, reduced_otherwise(), reductions(), literal(0)
    due = (
        select(
            periods.c.period,
            instalment_table.c.loan_id,
            instalment_table.c.amount_centavos.label("due"),
            zero.label("reduced"),
            zero.label("paid"),
        )
        .join(instalment_table, instalment_table.c.due_date <= periods.c.last_day)
        .where(instalment_table.c.due_date <= scope.today)
    )
    otherwise = select(periods.c.period, loans.c.loan_id, zero, loans.c.amount, zero).join(
        loans, periods.c.starts_at < periods.c.ends_at
    )
    before = dated.c.at < periods.c.starts_at
    paid = select(
        periods.c.period,
        dated.c.loan_id,
        zero,
        case((before, dated.c.amount), else_=0),
        case((before, 0), else_=dated.c.received),
    ).join(dated, dated.c.at < periods.c.ends_at)
    rows = union_all(due, otherwise, paid).subquery("rows")
    owed = total(rows.c.due) - total(rows.c.reduced)
    return (
        select(
            rows.c.period,
            rows.c.loan_id,
            total(rows.c.paid).label("numerator"),
            owed.label("denominator"),
        )
        .group_by(rows.c.period, rows.c.loan_id)
        .having(owed > 0)
    )


KPI = Kpi("recovery", facts, in_money=True, moved_by=MONEY)
