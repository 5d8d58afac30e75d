"""Loans whose borrower answered, of those we wrote about; and those where the right person was reached."""

from typing import Any

from sqlalchemy import Select, literal, select

from bot.reports.facts import happened, loans_with
from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import ledger_entry_table
from models.base import word


def facts(scope: Scope) -> Select[Any]:
    attempted = loans_with(scope.periods, ("contact.sent",), "attempted")
    answered = happened(attempted, attempted.c.loan_id, ("contact.replied", "promise.made", "plan.agreed"))
    entry = ledger_entry_table.alias()
    confirmed = (
        select(entry.c.id)
        .where(
            entry.c.loan_id == attempted.c.loan_id,
            entry.c.kind == word("identity.confirmed"),
            entry.c.at < attempted.c.ends_at,
        )
        .correlate(attempted)
        .exists()
    )
    return select(
        attempted.c.period,
        attempted.c.loan_id,
        count_of(answered).label("numerator"),
        literal(1).label("denominator"),
        count_of(answered & confirmed).label("right_party"),
    )


KPI = Kpi("contacts", facts, extras=("right_party",))
