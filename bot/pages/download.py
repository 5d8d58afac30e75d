"""«Descargar mis datos»: what is kept about a borrower, for themselves, as JSON."""

import json
from typing import Any

from flask import Response
from sqlalchemy import select

from bot.documents import documents_of, documents_of_closed
from bot.pages.guard import Visit
from flows.types.facts import LoanFacts
from models import borrower_table, contact_point_table, loan_table, message_table, read_tx
from models.base import AnyRow

MOST_MESSAGES = 5_000
_PERSON = select(
    borrower_table.c.name, borrower_table.c.language, borrower_table.c.zone, borrower_table.c.opted_out_at
)
_POINTS = select(
    contact_point_table.c.channel, contact_point_table.c.address, contact_point_table.c.status
).order_by(contact_point_table.c.id)
_LOANS = select(
    loan_table.c.external_id, loan_table.c.product, loan_table.c.status, loan_table.c.outstanding_centavos
).order_by(loan_table.c.id)
_MESSAGES = (
    select(
        message_table.c.direction,
        message_table.c.author,
        message_table.c.channel,
        message_table.c.body,
        message_table.c.created_at,
    )
    .order_by(message_table.c.id.desc())
    .limit(MOST_MESSAGES)
)


def download(visit: Visit) -> Response:
    """Account numbers stay masked, as they are kept."""
    of = visit.person.id
    with read_tx(visit.services.engine) as connection:
        person = connection.execute(_PERSON.where(borrower_table.c.id == of)).one()
        points = connection.execute(_POINTS.where(contact_point_table.c.borrower_id == of))
        loans = connection.execute(_LOANS.where(loan_table.c.borrower_id == of))
        messages = connection.execute(_MESSAGES.where(message_table.c.borrower_id == of))
        data = {
            "made_at": visit.facts.now,
            "person": _plain(person),
            "addresses": [_plain(row) for row in points],
            "loans": [_plain(row) for row in loans],
            "open_loans": [_loan(loan) for loan in visit.person.loans],
            "documents": [
                document for loan in visit.person.loans for document in documents_of(connection, loan.id)
            ]
            + documents_of_closed(connection, of),
            "messages": [_plain(row) for row in reversed(messages.all())],
        }
    headers = {"Content-Disposition": 'attachment; filename="mis-datos.json"'}
    text = json.dumps(data, ensure_ascii=False, indent=1, default=str)
    return Response(text, mimetype="application/json", headers=headers)


def _plain(row: AnyRow) -> dict[str, Any]:
    return dict(zip(row._fields, row, strict=True))


def _loan(loan: LoanFacts) -> dict[str, Any]:
    """Its unpaid instalments, and what is agreed on it; money in centavos."""
    return {
        "external_id": loan.external_id,
        "instalments": [
            {"number": each.number, "due_date": each.due_date, "unpaid": each.unpaid.total.centavos}
            for each in loan.instalments
        ],
        "promise": {"amount": loan.promise.amount.centavos, "date": loan.promise.due_date}
        if loan.promise
        else None,
        "plan": {
            "folio": loan.plan.folio,
            "parts": [
                {"date": part.due_date, "unpaid": part.amount.centavos, "status": part.status}
                for part in loan.plan.parts
            ],
        }
        if loan.plan
        else None,
        "mandates": [
            {"folio": each.folio, "bank": each.bank, "last4": each.last4, "status": each.status}
            for each in loan.mandates
        ],
    }
