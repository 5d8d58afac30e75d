"""What a step counts its days from, as SQL over `loan`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Subquery, func, or_, select

from bot.outreach.strategy import Step
from models import ledger_entry_table, loan_table, promise_table
from models.base import words

BROKEN = ("broken", "partial")
"""States of a promise whose days are over."""
_RECORDED = {"broken_plan": ("plan.broken",), "cured": ("promise.kept", "plan.kept")}


@dataclass(frozen=True, slots=True)
class Start:
    """`anchor` names it in the event's key: a step is taken once for each."""

    anchor: ColumnElement[Any]
    conditions: Sequence[ColumnElement[bool]]
    at: Subquery | None = None
    """Joined with `loan` where the loan itself does not know it."""

    @property
    def of_loan(self) -> ColumnElement[bool]:
        assert self.at is not None
        return self.at.c.loan_id == loan_table.c.id


def start_of(step: Step, now: datetime, today: date) -> Start:
    first, last = today - timedelta(days=step.until), today - timedelta(days=step.day)
    if step.counts_from == "due_date":
        return Start(loan_table.c.overdue_since, [loan_table.c.overdue_since.between(first, last)])
    if step.counts_from == "broken_promise":
        broken = _broken_promises()
        return Start(broken.c.promise_id, [broken.c.expires_on.between(first, last)], broken)
    recorded = _recorded(_RECORDED[step.counts_from], step, now)
    nothing_late = or_(loan_table.c.overdue_since.is_(None), loan_table.c.overdue_since >= today)
    return Start(recorded.c.entry_id, [nothing_late] if step.counts_from == "cured" else [], recorded)


def _broken_promises() -> Subquery:
    """The newest broken promise of each loan."""
    return (
        select(
            promise_table.c.loan_id,
            func.max(promise_table.c.id).label("promise_id"),
            func.max(promise_table.c.expires_on).label("expires_on"),
        )
        .where(promise_table.c.status.in_(BROKEN))
        .group_by(promise_table.c.loan_id)
        .subquery("promise_broken")
    )


def _recorded(kinds: Sequence[str], step: Step, now: datetime) -> Subquery:
    """Of each loan the newest entry of these kinds that is `day` to `until` days old."""
    at = ledger_entry_table.c.at
    return (
        select(ledger_entry_table.c.loan_id, func.max(ledger_entry_table.c.id).label("entry_id"))
        .where(
            ledger_entry_table.c.kind.in_(words(*kinds)),
            at > now - timedelta(days=step.until + 1),
            at <= now - timedelta(days=step.day),
        )
        .group_by(ledger_entry_table.c.loan_id)
        .subquery("recorded")
    )
