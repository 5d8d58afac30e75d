"""What holds a contact back: the holds of its loan, and those that are true of its borrower."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, null, or_, select, union_all

from models import hold_table, loan_table
from models.base import words
from models.hold import OF_A_PERSON, stands

Subject = tuple[int | None, int | None]
"""A loan and a borrower: what is written about, and to whom."""


def holds_on(
    connection: Connection, subjects: Collection[Subject], now: datetime
) -> dict[Subject, frozenset[str]]:
    if not subjects:
        return {}
    loans = {loan for loan, _ in subjects if loan is not None}
    people = {person for _, person in subjects if person is not None}
    own = select(hold_table.c.loan_id, null(), hold_table.c.kind).where(hold_table.c.loan_id.in_(loans))
    theirs = (
        select(hold_table.c.loan_id, loan_table.c.borrower_id, hold_table.c.kind)
        .join(loan_table, loan_table.c.id == hold_table.c.loan_id)
        .where(loan_table.c.borrower_id.in_(people), hold_table.c.kind.in_(OF_A_PERSON))
    )
    asked = [query.where(stands(now)) for query, ids in ((own, loans), (theirs, people)) if ids]
    found = connection.execute(union_all(*asked)).all() if asked else []
    return {
        (loan, person): frozenset(
            kind for on, of, kind in found if on == loan or (of is not None and of == person)
        )
        for loan, person in subjects
    }


def held(now: datetime) -> ColumnElement[bool]:
    """Of a `loan`: something holds it back."""
    theirs = loan_table.alias("theirs")
    query = (
        select(hold_table.c.id)
        .join(theirs, theirs.c.id == hold_table.c.loan_id)
        .where(
            theirs.c.borrower_id == loan_table.c.borrower_id,
            or_(theirs.c.id == loan_table.c.id, hold_table.c.kind.in_(words(*OF_A_PERSON))),
            stands(now),
        )
    )
    return query.correlate(loan_table).exists()
