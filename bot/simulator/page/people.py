"""The people at the left: who owes what, at which phone, and whether something new is on it."""

from typing import Any

from flask import Response
from sqlalchemy import func, select

from bot.simulator.database import sent, simulator_engine
from bot.simulator.page.service import answer, blueprint, today
from bot.web import services
from models import borrower_table, contact_point_table, conversation_table, loan_table, read_tx
from models.base import AnyRow

_PEOPLE = (
    select(
        borrower_table.c.external_id.label("borrower"),
        borrower_table.c.name,
        contact_point_table.c.address,
        loan_table.c.external_id.label("loan"),
        loan_table.c.status,
        loan_table.c.outstanding_centavos.label("owed"),
        loan_table.c.overdue_since.label("due"),
        conversation_table.c.handler,
    )
    .select_from(
        loan_table.join(borrower_table, borrower_table.c.id == loan_table.c.borrower_id)
        .join(contact_point_table, contact_point_table.c.borrower_id == borrower_table.c.id)
        .join(conversation_table, conversation_table.c.id == contact_point_table.c.conversation_id)
    )
    .order_by(loan_table.c.id, contact_point_table.c.id)
)


@blueprint.get("/people")
def people() -> Response:
    """Every borrower with the phone and the loan. `last` grows with each message to the phone."""
    with read_tx(services().engine) as connection:
        rows = connection.execute(_PEOPLE).all()
    with read_tx(simulator_engine(services().settings)) as connection:
        last = dict(connection.execute(select(sent.c.to, func.max(sent.c.id)).group_by(sent.c.to)).all())
    return answer(people=[_shown(row, last.get(row.address, 0)) for row in rows])


def _shown(row: AnyRow, last: int) -> dict[str, Any]:
    late = (today() - row.due).days if row.due else None
    return {
        "borrower": row.borrower,
        "name": row.name,
        "address": row.address,
        "loan": row.loan,
        "status": row.status,
        "owed": row.owed,
        "late": late,
        "handler": row.handler,
        "last": last,
    }
