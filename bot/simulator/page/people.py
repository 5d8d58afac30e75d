"""The people at the left: who owes what, at which phone, and whether something new stands on it."""

from typing import Any

from flask import Response
from sqlalchemy import func, select

from bot.simulator.books import books, sent
from bot.simulator.page.service import answer, blueprint, today
from bot.web import services
from models import Borrower, ContactPoint, Conversation, Loan, reading
from models.base import AnyRow

_B, _P, _C, _L = (m.__table__ for m in (Borrower, ContactPoint, Conversation, Loan))
_PEOPLE = (
    select(
        _B.c.external_id.label("borrower"), _B.c.name, _P.c.address, _L.c.external_id.label("loan"), _L.c.status, _L.c.outstanding_centavos.label("owed"),
        _L.c.overdue_since.label("due"), _C.c.handler,
    )
    .select_from(_L.join(_B, _B.c.id == _L.c.borrower_id).join(_P, _P.c.borrower_id == _B.c.id).join(_C, _C.c.id == _P.c.conversation_id))
    .order_by(_L.c.id, _P.c.id)
)  # fmt: skip


@blueprint.get("/people")
def people() -> Response:
    """Every borrower with the phone and the loan. `last` grows with each message to the phone."""
    with reading(services().engine) as connection:
        rows = connection.execute(_PEOPLE).all()
    with reading(books(services().settings)) as connection:
        last = dict(connection.execute(select(sent.c.to, func.max(sent.c.id)).group_by(sent.c.to)).all())
    return answer(people=[_shown(row, last.get(row.address, 0)) for row in rows])


def _shown(row: AnyRow, last: int) -> dict[str, Any]:
    late = (today() - row.due).days if row.due else None
    return {"borrower": row.borrower, "name": row.name, "address": row.address, "loan": row.loan, "status": row.status, "owed": row.owed,
            "late": late, "handler": row.handler, "last": last}  # fmt: skip
