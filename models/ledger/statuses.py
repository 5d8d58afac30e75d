"""The one rule by which a loan's status follows from its books, in both directions."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, and_, case, or_, select, true, update

from models.balance import balance_table
from models.base import word
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
    disputed = select(hold_table.c.loan_id).where(hold_table.c.kind == word("dispute"), hold_stands(now))
    written_off = select(balance_table.c.loan_id).where(
        balance_table.c.account == word("written_off"), balance_table.c.amount > 0
    )
    late = and_(loan_table.c.overdue_since.is_not(None), loan_table.c.overdue_since < today)
    status = case(
        (loan_table.c.id.in_(written_off), word("written_off")),
        (loan_table.c.outstanding_centavos == 0, word("settled")),
        (loan_table.c.id.in_(disputed), word("disputed")),
        (late, word("overdue")),
        else_=word("current"),
    )
    by_day = or_(
        and_(loan_table.c.status == word("current"), late),
        and_(loan_table.c.status == word("overdue"), or_(loan_table.c.overdue_since.is_(None), ~late)),
        loan_table.c.status == word("disputed"),
        and_(loan_table.c.status.in_((word("current"), word("overdue"))), loan_table.c.id.in_(disputed)),
    )
    which = loan_table.c.id.in_(loans) if loans is not None else by_day
    changed = connection.execute(
        select(loan_table.c.id, status.label("status"))
        .where(which, loan_table.c.status != status)
        .order_by(loan_table.c.id)
        .with_for_update()
    ).all()
    if not changed:
        return 0
    ids = [row.id for row in changed]
    connection.execute(update(loan_table).where(loan_table.c.id.in_(ids), true()).values(status=status))
    if settled := [row.id for row in changed if row.status == "settled"]:
        append_many(connection, {loan: [NewEntry("loan.settled", {}, ACTOR)] for loan in settled}, now)
    return len(changed)
