"""Loans for tests: a borrower with a phone and a conversation, and a loan whose instalments are what the test
says.
"""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, insert, select

from models import (
    Borrower,
    ContactPoint,
    Conversation,
    Loan,
    conversation_table,
    index_names,
    instalment_table,
)
from models.instalment import COMPONENTS
from models.ledger import (
    AdjustedInstalment,
    AdjustedLoan,
    InstalmentOpening,
    LoanOpening,
    adjust_loans,
    open_loans,
)

OPENED = datetime(2026, 1, 5, 18, 0, tzinfo=UTC)


def add_borrower(
    connection: Connection,
    number: int = 1,
    *,
    at: datetime = OPENED,
    key: str | None = None,
    **values: object,
) -> tuple[int, int]:
    """`(borrower id, conversation id)`; the phone is +52 55 0000 and the number."""
    phone = key or f"+525500{number:06d}"
    person = {
        "external_id": f"B{number}",
        "name": "Ana López Ruiz",
        "language": "es_MX",
        "created_at": at,
        "zone": "America/Mexico_City",
    }
    borrower_id = connection.execute(
        insert(Borrower).values(**(person | values)).returning(Borrower.id)
    ).scalar_one()
    index_names(connection, {borrower_id: str((person | values)["name"])})
    found = connection.execute(conversation_table.select().where(Conversation.key == phone)).first()
    if found:
        conversation_id = found.id
    else:
        thread = {
            "key": phone,
            "channel": "whatsapp",
            "address": f"whatsapp:{phone}",
            "state": {},
            "created_at": at,
        }
        conversation_id = connection.execute(
            insert(Conversation).values(**thread).returning(Conversation.id)
        ).scalar_one()
    point = {
        "borrower_id": borrower_id,
        "conversation_id": conversation_id,
        "channel": "whatsapp",
        "key": phone,
        "address": f"whatsapp:{phone}",
    }
    connection.execute(insert(ContactPoint).values(**point, created_at=at))
    return borrower_id, conversation_id


def add_loan(
    connection: Connection,
    borrower_id: int,
    number: int = 1,
    instalments: list[tuple[date, dict[str, int]]] | None = None,
    at: datetime = OPENED,
) -> int:
    instalments = instalments or [(date(2026, 2, 13), {"principal": 50_000, "interest": 10_000})]
    loan = {"external_id": f"L{number}", "borrower_id": borrower_id, "created_at": at}
    loan_id = connection.execute(insert(Loan).values(**loan).returning(Loan.id)).scalar_one()
    opened = [
        InstalmentOpening(i, due, sum(parts.values()), parts) for i, (due, parts) in enumerate(instalments, 1)
    ]
    open_loans(connection, [LoanOpening(loan_id, opened, "test", at.date())], at)
    return loan_id


def move_due_date(connection: Connection, loan_id: int, number: int, to: date, at: datetime = OPENED) -> None:
    """As a later tape moves it."""
    query = select(instalment_table).where(
        instalment_table.c.loan_id == loan_id, instalment_table.c.number == number
    )
    row = connection.execute(query).one()
    unpaid = {part: getattr(row, f"unpaid_{part}") for part in COMPONENTS}
    part = AdjustedInstalment(number, to, row.amount_centavos, unpaid)
    adjust_loans(connection, {loan_id: AdjustedLoan([part], at.date(), at, whole=False)}, at, "test")
