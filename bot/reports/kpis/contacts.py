"""Loans whose borrower answered, of those we wrote about; those where the right person was reached,
and of these those that agreed to something.
"""

from typing import Any

from sqlalchemy import Select, func, literal, select

from bot.reports.kpi import Kpi, Scope
from bot.reports.sql import count_of
from models import ledger_entry_table
from models.base import word, words

SENT = "contact.sent"
AGREED = ("promise.made", "plan.agreed", "settlement.agreed", "extension.granted")
ANSWERS = ("contact.replied", *AGREED)


def facts(scope: Scope) -> Select[Any]:
    """Added up by loan: a look-up for each would read all entries of a kind each time."""
    periods, entry, before = scope.periods, ledger_entry_table.alias(), ledger_entry_table.alias()
    within = (entry.c.at >= periods.c.starts_at) & (entry.c.at < periods.c.ends_at)
    talks = (
        select(
            periods.c.period,
            periods.c.ends_at,
            entry.c.loan_id,
            func.max(count_of(entry.c.kind == word(SENT))).label("sent"),
            func.max(count_of(entry.c.kind != word(SENT))).label("answered"),
            func.max(count_of(entry.c.kind.in_(words(*AGREED)))).label("agreed"),
        )
        .join(entry, within)
        .where(entry.c.kind.in_(words(SENT, *ANSWERS)))
        .group_by(periods.c.period, periods.c.ends_at, entry.c.loan_id)
        .cte("talks")
    )
    confirmed = (
        select(before.c.loan_id, func.min(before.c.at).label("at"))
        .where(before.c.kind == word("identity.confirmed"))
        .group_by(before.c.loan_id)
        .cte("confirmed")
    )
    answered = talks.c.answered == 1
    right_party = answered & (confirmed.c.at < talks.c.ends_at)
    return (
        select(
            talks.c.period,
            talks.c.loan_id,
            count_of(answered).label("numerator"),
            literal(1).label("denominator"),
            count_of(right_party).label("right_party"),
            count_of(right_party & (talks.c.agreed == 1)).label("agreed"),
        )
        .outerjoin(confirmed, confirmed.c.loan_id == talks.c.loan_id)
        .where(talks.c.sent == 1)
    )


KPI = Kpi("contacts", facts, extras=("right_party", "agreed"))
