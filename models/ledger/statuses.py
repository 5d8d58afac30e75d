"""The one rule by which a loan's status follows from its books, in both directions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Date, and_, bindparam, case, or_, select, update

from models.balance import balance_table
from models.base import UtcDateTime, word
from models.hold import hold_table
from models.hold import stands as hold_stands
from models.ledger.append import append_many
from models.ledger.entry import NewEntry
from models.loan import loan_table

ACTOR = "system:statuses"


def refresh_statuses(
    connection: Connection, today: date, now: datetime, loans: Sequence[int] | None = None
) -> int:
    """Of some loans, after their books changed; or of all whose status the day or a hold can have changed.
    Writes `loan.settled`. How many changed.
    """
    given = {"today": today, "now": now, **({} if loans is None else {"loans": list(loans)})}
    changed = connection.execute(_SOME if loans is not None else _ALL, given).all()
    if not changed:
        return 0
    moved = [{"loan": row.id, "to": row.status} for row in changed]
    connection.execute(_MOVE, moved)
    if settled := [row.id for row in changed if row.status == "settled"]:
        append_many(connection, {loan: [NewEntry("loan.settled", {}, ACTOR)] for loan in settled}, now)
    return len(changed)


def _changed(which: ColumnElement[bool], status: ColumnElement[str]) -> Any:
    return (
        select(loan_table.c.id, status.label("status"))
        .where(which, loan_table.c.status != status)
        .order_by(loan_table.c.id)
        .with_for_update()
    )


_TODAY: Any = bindparam("today", type_=Date)
_NOW: Any = bindparam("now", type_=UtcDateTime)
_DISPUTED = select(hold_table.c.loan_id).where(hold_table.c.kind == word("dispute"), hold_stands(_NOW))
_WRITTEN_OFF = select(balance_table.c.loan_id).where(
    balance_table.c.account == word("written_off"), balance_table.c.amount > 0
)
_LATE = and_(loan_table.c.overdue_since.is_not(None), loan_table.c.overdue_since < _TODAY)
_STATUS = case(
    (loan_table.c.id.in_(_WRITTEN_OFF), word("written_off")),
    (loan_table.c.outstanding_centavos == 0, word("settled")),
    (loan_table.c.id.in_(_DISPUTED), word("disputed")),
    (_LATE, word("overdue")),
    else_=word("current"),
)
_BY_DAY = or_(
    and_(loan_table.c.status == word("current"), _LATE),
    and_(loan_table.c.status == word("overdue"), or_(loan_table.c.overdue_since.is_(None), ~_LATE)),
    loan_table.c.status == word("disputed"),
    and_(loan_table.c.status.in_((word("current"), word("overdue"))), loan_table.c.id.in_(_DISPUTED)),
)
_SOME = _changed(loan_table.c.id.in_(bindparam("loans", expanding=True)), _STATUS)
_ALL = _changed(_BY_DAY, _STATUS)
_MOVE = update(loan_table).where(loan_table.c.id == bindparam("loan")).values(status=bindparam("to"))
"""Made once: building them costs more than running them."""
