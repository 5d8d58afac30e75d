"""The loan at the right: what is owed, what was agreed, what the assistant waits for and what a tester
answers to it.
"""

from datetime import UTC, date
from http import HTTPStatus
from typing import Any

from flask import Response, request
from sqlalchemy import Connection, select

from bot.money import Reported
from bot.portfolio import receive_payment
from bot.simulator.page.clabes import clabe
from bot.simulator.page.service import answer, blueprint, now, today
from bot.web import services
from models import (
    borrower_table,
    contact_point_table,
    conversation_table,
    instalment_table,
    loan_table,
    promise_table,
    read_tx,
)
from models.base import AnyRow
from models.instalment import COMPONENTS
from values import likely_rfc

UNPAID: Any = sum(
    (instalment_table.c[f"unpaid_{part}"] for part in COMPONENTS[1:]),
    instalment_table.c[f"unpaid_{COMPONENTS[0]}"],
)


def find(connection: Connection, external_id: str) -> AnyRow | None:
    """The loan joined with its borrower, and the conversation in which it is talked about."""
    joined = (
        loan_table.join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .join(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
    )
    columns = (
        loan_table,
        borrower_table.c.name,
        borrower_table.c.birth_date,
        borrower_table.c.rfc,
        borrower_table.c.email,
        conversation_table.c.flow,
        conversation_table.c.step,
        conversation_table.c.expecting,
        conversation_table.c.handler,
    )
    return connection.execute(
        select(*columns).select_from(joined).where(loan_table.c.external_id == external_id).limit(1)
    ).first()


def loan_of(connection: Connection, row: AnyRow) -> dict[str, Any]:
    unpaid = (
        select(instalment_table.c.due_date, UNPAID.label("amount"))
        .where(instalment_table.c.loan_id == row.id, UNPAID > 0)
        .order_by(instalment_table.c.due_date)
    )
    coming = connection.execute(unpaid.where(instalment_table.c.due_date > today()).limit(1)).first()
    promise = connection.execute(
        select(promise_table)
        .where(promise_table.c.loan_id == row.id)
        .order_by(promise_table.c.id.desc())
        .limit(1)
    ).first()
    return {
        "id": row.external_id,
        "name": row.name,
        "status": row.status,
        "owed": row.outstanding_centavos,
        "due": row.next_due_centavos,
        "since": row.overdue_since.isoformat() if row.overdue_since else None,
        "birth": _written(row.birth_date),
        "coming": {"amount": coming.amount, "date": coming.due_date.isoformat()} if coming else None,
        "promise": {"amount": promise.amount, "date": promise.due_date.isoformat(), "status": promise.status}
        if promise
        else None,
        "expecting": row.expecting,
        "handler": row.handler,
        "hints": hints(row),
    }


def _written(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else ""


def hints(row: AnyRow) -> list[dict[str, str]]:
    """What a tester may type at this point: `{kind, text}`."""
    if row.handler != "bot":
        return []
    if row.expecting == "identity":
        return [{"kind": "birth", "text": _written(row.birth_date)}]
    if row.expecting == "clabe":
        return [
            {"kind": "clabe_pays", "text": clabe(row.id, "00")},
            {"kind": "clabe_nsf_once", "text": clabe(row.id, "90")},
        ]
    if row.expecting == "text" and row.flow == "mandate":
        return (
            [{"kind": "rfc", "text": row.rfc or likely_rfc(row.name, row.birth_date or date(1990, 1, 1))}]
            if row.step == "identity_code"
            else [{"kind": "email", "text": row.email or ""}]
        )
    return []


@blueprint.post("/payment")
def payment() -> Response | tuple[Response, HTTPStatus]:
    """The lender receives a payment for the loan: what is due, or the next instalment."""
    external_id, at = request.get_json()["loan"], now()
    with read_tx(services().engine) as connection:
        amount = (
            connection.scalar(
                select(loan_table.c.next_due_centavos).where(loan_table.c.external_id == external_id)
            )
            or 0
        )
    if amount <= 0:
        return answer(error="nothing_due"), HTTPStatus.CONFLICT
    reference = f"SPEI{int(at.timestamp() * 1000)}"
    received = Reported("api", "spei", reference, amount, at.astimezone(UTC), "lender:simulator")
    receive_payment(services(), external_id, received)
    return answer(amount=amount)
