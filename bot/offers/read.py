"""What policy allows a loan today, and what was offered and agreed: for the API, the command and the page."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from bot.conversation import people
from bot.services import Services
from flows.offers.arithmetic import Allowed, Refusal, Situation, allowed, situation_of
from models import loan_table, plan_instalment_table, plan_table
from models.base import AnyRow


def situation_of_loan(connection: Connection, services: Services, loan: AnyRow) -> Situation:
    """Of a row of `loan`, today."""
    now = services.clock.now()
    persons = people(connection, [loan.borrower_id], now, services.settings.debit_submit_until)
    today = services.day(now)
    found = [each for person in persons for each in person.loans if each.id == loan.id]
    return (
        situation_of(found[0], today, services.lender.terms.offers)
        if found
        else Situation(today, (), status=loan.status)
    )


def explained(connection: Connection, services: Services, loan: AnyRow) -> list[Allowed | Refusal]:
    """Every kind of agreement: allowed, or refused; each with its rule."""
    policy = services.lender.terms
    situation = situation_of_loan(connection, services, loan)
    return list(allowed(policy.offers, situation, policy.promise_max_days, policy.promise_min))


def parts_of(connection: Connection, plans: Sequence[int]) -> dict[int, list[AnyRow]]:
    """The parts of agreements, in the order in which they fall due."""
    found: dict[int, list[AnyRow]] = defaultdict(list)
    query = (
        select(plan_instalment_table)
        .where(plan_instalment_table.c.plan_id.in_(plans))
        .order_by(plan_instalment_table.c.due_date, plan_instalment_table.c.number)
    )
    for row in connection.execute(query):
        found[row.plan_id].append(row)
    return found


def made(connection: Connection, loan_id: int) -> list[dict[str, Any]]:
    """Everything that was offered to a loan, oldest first."""
    rows = connection.execute(
        select(plan_table).where(plan_table.c.loan_id == loan_id).order_by(plan_table.c.id)
    ).all()
    parts = parts_of(connection, [row.id for row in rows])
    return [
        {
            "id": str(row.id),
            "at": row.offered_at.isoformat(),
            "kind": row.kind,
            "total": row.total,
            "discount": row.discount,
            "frequency": row.frequency,
            "rule": row.rule,
            "policy": row.policy_version,
            "folio": row.folio,
            "valid_until": row.valid_until.isoformat(),
            "instalments": [_part(part) for part in parts[row.id]],
            "status": row.status,
        }
        for row in rows
    ]


def _part(row: AnyRow) -> dict[str, Any]:
    return {"date": row.due_date.isoformat(), "amount": row.amount, "paid": row.paid, "status": row.status}


def plans_of(connection: Connection, loans: Sequence[int]) -> dict[int, dict[str, Any]]:
    """By loan: the agreement in force; else the last that was agreed."""
    rows = connection.execute(
        select(plan_table)
        .where(plan_table.c.loan_id.in_(loans), plan_table.c.folio.is_not(None))
        .order_by(plan_table.c.id)
    ).all()
    newest = {row.loan_id: row for row in sorted(rows, key=lambda row: (row.status == "active", row.id))}
    parts = parts_of(connection, [row.id for row in newest.values()])
    return {
        loan: {
            "folio": row.folio,
            "kind": row.kind,
            "status": row.status,
            "total": row.total,
            "discount": row.discount,
            "by_debit": row.by_debit,
            "agreed_at": row.agreed_at.isoformat(),
            "instalments": [_part(part) for part in parts[row.id]],
        }
        for loan, row in newest.items()
    }


def shown(each: Allowed) -> dict[str, Any]:
    """An allowance as the API and the command show it."""
    return {
        "kind": each.kind,
        "parts": each.parts,
        "frequency": each.frequency,
        "first_by": each.first_by.isoformat(),
        "last_by": each.last_by.isoformat(),
        "smallest": each.smallest.centavos,
        "discount": each.discount.centavos,
        "rule": each.rule,
        "needs_person": each.needs_person,
    }


def loan_row(connection: Connection, external_id: str) -> AnyRow | None:
    return connection.execute(select(loan_table).where(loan_table.c.external_id == external_id)).first()
