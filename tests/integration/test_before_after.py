"""Recovery before a day and after it, with the portfolio held equal, against an example computed by hand."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, update

from bot.money import Reported, lock_loan, receive
from bot.reports import before_and_after
from models import loan_table, read_tx, write_tx
from tests.loans import add_borrower, add_loan

DAY = date(2026, 4, 1)


def loan(connection: Connection, number: int, opened: date) -> None:
    borrower, _ = add_borrower(connection, number)
    at = datetime(opened.year, opened.month, opened.day, 18, tzinfo=UTC)
    loan_id = add_loan(connection, borrower, number, [(date(2026, 6, 1), {"principal": 100_000})], at)
    connection.execute(update(loan_table).where(loan_table.c.id == loan_id).values(opened_on=opened))


def pay(connection: Connection, number: int, amount: int, at: datetime, rail: str) -> None:
    row = lock_loan(connection, f"L{number}")
    assert row is not None
    receive(
        connection, row, Reported("api", rail, f"{number}-{at:%m%d}-{rail}", amount, at, "lender:test"), at
    )


def test_a_portfolio_that_grew_is_not_taken_for_recovery(engine: Engine) -> None:
    """One loan before, four of its cohort after: what they pay is counted for one. What is paid off before
    a side begins is none of its loans.
    """
    with write_tx(engine) as connection:
        loan(connection, 1, date(2026, 3, 5))
        pay(connection, 1, 20_000, datetime(2026, 3, 10, 18, tzinfo=UTC), "spei")
        loan(connection, 5, date(2026, 2, 28))
        pay(connection, 5, 100_000, datetime(2026, 2, 28, 20, tzinfo=UTC), "cash")
        for number in (2, 3, 4):
            loan(connection, number, date(2026, 4, 3))
            pay(connection, number, 20_000, datetime(2026, 4, 10, 18, tzinfo=UTC), "spei")
        pay(connection, 1, 30_000, datetime(2026, 4, 2, 18, tzinfo=UTC), "debit")
    with read_tx(engine) as connection:
        found = before_and_after(connection, DAY, 30)
    assert (found.before.loans, found.after.loans) == (1, 4)
    assert (found.before.amounts, found.after.amounts) == (
        {"spei": 20_000},
        {"spei": 60_000, "debit": 30_000},
    )
    assert found.equal == {"spei": 15_000, "debit": 7_500}
    assert found.rails == ["debit", "spei"]


def test_nothing_is_compared_with_nothing(engine: Engine) -> None:
    with read_tx(engine) as connection:
        found = before_and_after(connection, DAY, 30)
    assert (found.before.loans, found.after.amounts, found.equal, found.rails) == (0, {}, {}, [])
