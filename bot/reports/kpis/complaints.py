"""Loans with a complaint, of those we wrote about."""

from typing import Any

from sqlalchemy import Select, literal, select

from bot.reports.facts import happened, loans_with
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of


def facts(scope: Scope) -> Select[Any]:
    """Who complains without having been written to counts too."""
    contacted = loans_with(scope.periods, ("contact.sent", "complaint.opened"), "contacted")
    loan_id = contacted.c.loan_id
    return select(
        contacted.c.period,
        loan_id,
        count_of(happened(contacted, loan_id, ("complaint.opened",))).label("numerator"),
        literal(1).label("denominator"),
        count_of(happened(contacted, loan_id, ("optout.recorded",))).label("opted_out"),
    )


KPI = Kpi("complaints", facts, extras=("opted_out",))
