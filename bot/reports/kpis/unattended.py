"""What was agreed, kept and paid without a person: nobody of ours had acted on the loan just before."""

from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, literal, or_, select, union_all

from bot.reports.kpi import Kpi, Scope
from bot.reports.money import received
from bot.reports.sql import count_of, days_later
from models import ledger_entry_table
from models.base import word, words

BEFORE_DAYS = 30
AGREED = ("promise.made", "plan.agreed", "settlement.agreed", "extension.granted", "mandate.authorized")
KEPT = ("promise.kept", "plan.kept")
BY_A_PERSON = ("handoff.requested", "handoff.taken")
LEVELS = ("agreed", "kept", "paid")


def facts(scope: Scope) -> Select[Any]:
    made = _made(scope.periods)
    return select(
        made.c.period,
        made.c.loan_id,
        made.c.what,
        count_of(~_by_a_person(made)).label("numerator"),
        literal(1).label("denominator"),
    )


def _made(periods: CTE) -> CTE:
    """`period, loan_id, what, at`: a row for each agreement, each kept one, each payment."""
    entry, money = ledger_entry_table.alias(), received()

    def entries(what: str, kinds: tuple[str, ...]) -> Select[Any]:
        return (
            select(periods.c.period, entry.c.loan_id, word(what).label("what"), entry.c.at)
            .join(entry, (entry.c.at >= periods.c.starts_at) & (entry.c.at < periods.c.ends_at))
            .where(entry.c.kind.in_(words(*kinds)))
        )

    paid = (
        select(periods.c.period, money.c.loan_id, word("paid").label("what"), money.c.paid_at.label("at"))
        .join(money, (money.c.paid_at >= periods.c.starts_at) & (money.c.paid_at < periods.c.ends_at))
        .where(money.c.amount > 0)
    )
    return union_all(entries("agreed", AGREED), entries("kept", KEPT), paid).cte("made")


def _by_a_person(made: CTE) -> ColumnElement[bool]:
    before = ledger_entry_table.alias()
    return (
        select(before.c.id)
        .where(
            before.c.loan_id == made.c.loan_id,
            before.c.at <= made.c.at,
            before.c.at >= days_later(made.c.at, -BEFORE_DAYS),
            or_(before.c.kind.in_(words(*BY_A_PERSON)), before.c.actor.like("agent:%")),
        )
        .correlate(made)
        .exists()
    )


KPI = Kpi("unattended", facts, dimensions=("what",), levels=LEVELS)
