"""Complaints for each 10,000 contracts, as CONDUSEF counts them: complaints, not the loans that have one."""

from typing import Any

from sqlalchemy import Select, func, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.kpis import arrears
from bot.reports.money import MONEY
from models import ledger_entry_table
from models.base import word


def facts(scope: Scope) -> Select[Any]:
    """A contract: a loan that owes something at the end of the period, or has a complaint in it."""
    periods = scope.periods
    owing = arrears.facts(scope).subquery("owing")
    entry = ledger_entry_table.alias()
    opened = (
        select(
            periods.c.period,
            entry.c.loan_id,
            func.count().label("complaints"),
        )
        .join(entry, (entry.c.at >= periods.c.starts_at) & (entry.c.at < periods.c.ends_at))
        .where(entry.c.kind == word("complaint.opened"))
        .group_by(periods.c.period, entry.c.loan_id)
        .cte("opened")
    )
    contracts = (
        select(owing.c.period, owing.c.loan_id).union(select(opened.c.period, opened.c.loan_id)).subquery()
    )
    return select(
        contracts.c.period,
        contracts.c.loan_id,
        func.coalesce(opened.c.complaints, 0).label("numerator"),
        literal(1).label("denominator"),
    ).outerjoin(
        opened,
        (opened.c.period == contracts.c.period) & (opened.c.loan_id == contracts.c.loan_id),
    )


KPI = Kpi("claims", facts, unit="per_10000", moved_by=(*MONEY, "complaint.opened"))
