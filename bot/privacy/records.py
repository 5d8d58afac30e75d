"""Which records are a borrower's: the same answer for who hands them over and for who erases them."""

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from models import contact_point_table, conversation_table, loan_table, mandate_table, message_table


def loans_of(borrower_id: int) -> Any:
    """A subquery of their ids."""
    return select(loan_table.c.id).where(loan_table.c.borrower_id == borrower_id)


def mandates_of(borrower_id: int) -> Any:
    return select(mandate_table.c.id).where(mandate_table.c.loan_id.in_(loans_of(borrower_id)))


def conversations_of(borrower_id: int) -> Any:
    """Those that nobody else can be writing in: a phone that two borrowers share is neither's alone."""
    points, conversations = contact_point_table, conversation_table
    theirs = select(points.c.conversation_id).where(points.c.borrower_id == borrower_id)
    others = select(points.c.conversation_id).where(points.c.borrower_id != borrower_id)
    proved = conversations.c.borrower_id
    return select(conversations.c.id).where(
        or_(conversations.c.id.in_(theirs), proved == borrower_id),
        conversations.c.id.not_in(others),
        or_(proved.is_(None), proved == borrower_id),
    )


def message_is_of(borrower_id: int) -> ColumnElement[bool]:
    """Of a message: it is theirs by name, or written in a conversation that is theirs alone."""
    row = message_table.c
    return or_(
        row.borrower_id == borrower_id,
        and_(row.borrower_id.is_(None), row.conversation_id.in_(conversations_of(borrower_id))),
    )


def messages_of(borrower_id: int) -> Any:
    return select(message_table.c.id).where(message_is_of(borrower_id))
