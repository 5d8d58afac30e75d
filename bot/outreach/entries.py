"""What the ledger keeps of messages that we sent unasked: `contact.*`, by id and code, never a word of the
text.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models import contact_point_table, loan_table
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from models.loan import is_open as loan_is_open


def loans_of(connection: Connection, row: AnyRow) -> list[int]:
    """The loan that a message is about; else the open ones of its borrower, or of everyone whom the tape
    reaches at its address.
    """
    if row.loan_id is not None:
        return [row.loan_id]
    people = (
        [row.borrower_id]
        if row.borrower_id is not None
        else select(contact_point_table.c.borrower_id).where(
            contact_point_table.c.conversation_id == row.conversation_id
        )
    )
    query = (
        select(loan_table.c.id)
        .where(loan_table.c.borrower_id.in_(people), loan_is_open())
        .order_by(loan_table.c.id)
    )
    return list(connection.scalars(query))


def record_contact(
    connection: Connection, row: AnyRow, word: str, now: datetime, actor: str, **more: Any
) -> None:
    """Writes `contact.<word>` once per message and loan; answers to the borrower are not contacts."""
    if row.purpose == "reply":
        return
    data = {"message": row.id, "channel": row.channel, "purpose": row.purpose, **more}
    if loans := loans_of(connection, row):
        entries = {
            loan: [NewEntry(f"contact.{word}", data, actor, key=f"{word}:{row.id}:{loan}")] for loan in loans
        }
        append_many(connection, entries, now)


def record_of_people(
    connection: Connection, row: AnyRow, kind: str, now: datetime, actor: str, **data: Any
) -> None:
    """Writes a fact about the person behind an address to each of their open loans, once per message."""
    if loans := loans_of(connection, row):
        facts = {"message": row.id, "channel": row.channel, **data}
        append_many(
            connection,
            {loan: [NewEntry(kind, facts, actor, key=f"{kind}:{row.id}:{loan}")] for loan in loans},
            now,
        )
