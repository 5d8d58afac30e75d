"""What the ledger keeps of messages that we sent unasked: `contact.*`, by id and code, never a word of the
text.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from models import contact_point_table, loan_table
from models.base import AnyRow
from models.ledger import NewEntry, append_many
from models.loan import is_open as loan_is_open


def loans_of(connection: Connection, rows: Sequence[AnyRow]) -> dict[int, list[int]]:
    """By message: the loan that it is about; else the open ones of its borrower, or of everyone whom the tape
    reaches at its address.
    """
    borrower, conversation = loan_table.c.borrower_id, contact_point_table.c.conversation_id
    general = [row for row in rows if row.loan_id is None]
    people = {row.borrower_id for row in general} - {None}
    places = {row.conversation_id for row in general if row.borrower_id is None}
    open_loans = select(borrower, loan_table.c.id).where(loan_is_open()).order_by(loan_table.c.id)
    theirs, there = defaultdict[int, list[int]](list), defaultdict[int, list[int]](list)
    if people:
        for person, loan in connection.execute(open_loans.where(borrower.in_(people))):
            theirs[person].append(loan)
    if places:
        query = (
            select(conversation, loan_table.c.id)
            .join(loan_table, borrower == contact_point_table.c.borrower_id)
            .where(conversation.in_(places), loan_is_open())
            .order_by(loan_table.c.id)
            .distinct()
        )
        for place, loan in connection.execute(query):
            there[place].append(loan)
    found = {row.id: [row.loan_id] for row in rows if row.loan_id is not None}
    return found | {
        row.id: theirs[row.borrower_id] if row.borrower_id is not None else there[row.conversation_id]
        for row in general
    }


def record_contact(
    connection: Connection, row: AnyRow, word: str, now: datetime, actor: str, **more: Any
) -> None:
    """Of one message."""
    record_contacts(connection, [row], word, now, actor, **more)


def record_contacts(
    connection: Connection,
    rows: Sequence[AnyRow],
    word: str,
    now: datetime,
    actor: str,
    left_at: Mapping[int, datetime] | None = None,
    **more: Any,
) -> None:
    """Writes `contact.<word>` once per message and loan; answers to the borrower are not contacts. `left_at`
    by message, in seconds since 1970.
    """
    unasked = [row for row in rows if row.purpose != "reply"]
    if not unasked:
        return
    loans = loans_of(connection, unasked)
    entries: dict[int, list[NewEntry]] = {}
    for row in unasked:
        data = {"message": row.id, "channel": row.channel, "purpose": row.purpose, **more}
        if left_at is not None:
            data["left_at"] = int(left_at[row.id].timestamp())
        for loan in loans[row.id]:
            key = f"{word}:{row.id}:{loan}"
            entry = NewEntry(f"contact.{word}", data, actor, key=key, trace=row.trace)
            entries.setdefault(loan, []).append(entry)
    if entries:
        append_many(connection, entries, now)


def record_of_people(
    connection: Connection, row: AnyRow, kind: str, now: datetime, actor: str, **data: Any
) -> None:
    """Writes a fact about the person behind an address to each of their open loans, once per message."""
    if loans := loans_of(connection, [row])[row.id]:
        facts = {"message": row.id, "channel": row.channel, **data}
        append_many(
            connection,
            {loan: [NewEntry(kind, facts, actor, key=f"{kind}:{row.id}:{loan}")] for loan in loans},
            now,
        )
