"""What a turn knows of a loan's agreements, in columns of the same read."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select

from flows.types.facts import OfferedFacts, PlanFacts, PlanPartFacts
from models import loan_table, plan_instalment_table, plan_table
from models.base import AnyRow, rows_of, word
from values import Money

COLUMNS = (
    select(
        rows_of(
            plan_table.c.id,
            plan_table.c.folio,
            plan_table.c.kind,
            plan_table.c.status,
            plan_table.c.total,
            plan_table.c.discount,
            plan_table.c.offered_on,
            plan_table.c.valid_until,
            plan_table.c.covers_until,
            plan_table.c.by_debit,
            plan_table.c.frequency,
            plan_table.c.agreed_at,
        )
    )
    .where(plan_table.c.loan_id == loan_table.c.id)
    .correlate(loan_table)
    .scalar_subquery()
    .label("plans"),
    select(
        rows_of(
            plan_instalment_table.c.number,
            plan_instalment_table.c.due_date,
            plan_instalment_table.c.amount - plan_instalment_table.c.paid,
            plan_instalment_table.c.status,
        )
    )
    .select_from(plan_instalment_table.join(plan_table, plan_table.c.id == plan_instalment_table.c.plan_id))
    .where(plan_table.c.loan_id == loan_table.c.id, plan_table.c.status == word("active"))
    .correlate(loan_table)
    .scalar_subquery()
    .label("plan_parts"),
)
"""Of the loan that the read is about: all its agreements, and the parts of the one in force."""


def facts(row: AnyRow) -> dict[str, Any]:
    """The fields of LoanFacts that these columns fill."""
    if not row.plans:
        return {}
    found: Sequence[Sequence[Any]] = sorted(row.plans)
    agreed = [each for each in found if each[1] is not None]
    active = next((each for each in agreed if each[3] == "active"), None)
    extended = [date.fromisoformat(each[6]) for each in agreed if each[2] == "extension"]
    return {
        "plan": _plan(active, row.plan_parts or ()) if active else None,
        "plan_broken": any(each[3] == "broken" for each in agreed),
        "plans_agreed": len(agreed),
        "offered": tuple(_offered(each) for each in found if each[3] == "offered"),
        "extended_on": max(extended, default=None),
    }


def _offered(each: Sequence[Any]) -> OfferedFacts:
    days = date.fromisoformat(each[6]), date.fromisoformat(each[7])
    return OfferedFacts(each[2], *days, Money(each[4] + each[5]), date.fromisoformat(each[8]))


def _plan(each: Sequence[Any], parts: Sequence[Sequence[Any]]) -> PlanFacts:
    found = [
        PlanPartFacts(n, date.fromisoformat(day), Money(amount), status) for n, day, amount, status in parts
    ]
    in_order = tuple(sorted(found, key=lambda part: (part.due_date, part.number)))
    covers_until, by_debit = date.fromisoformat(each[8]), bool(each[9])
    money = Money(each[4]), Money(each[5])
    agreed_at = datetime.fromisoformat(each[11])
    if agreed_at.tzinfo is None:  # SQLite keeps no zone
        agreed_at = agreed_at.replace(tzinfo=UTC)
    return PlanFacts(each[0], each[1], each[2], *money, in_order, covers_until, by_debit, each[10], agreed_at)
