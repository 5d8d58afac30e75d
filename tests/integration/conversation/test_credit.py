"""What was paid beyond what was owed: its borrower reads the sum, and the next debt is paid with it."""

from datetime import date, datetime

import pytest
from sqlalchemy import Engine

from bot.money import Reported, lock_loan, receive
from models import Loan, write_tx
from models.ledger import AdjustedInstalment, AdjustedLoan, adjust_loans, refresh_statuses, verify
from tests.talk import Talk, talk


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    """She owed 1,150.00 in all and paid 1,500.00."""
    one = talk(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        loan = lock_loan(connection, "L1")
        assert loan is not None
        receive(connection, loan, Reported("api", "spei", "R1", 150_000, now, "lender:x"), now)
    return one


@pytest.mark.parametrize("question", ["tengo saldo a favor?", "cuánto debo?"])
def test_the_sum_is_told_when_all_is_paid(ana: Talk, question: str) -> None:
    ana.say(question)
    assert "$350.00" in ana.ours()[-1].body.replace("\xa0", "")


def test_the_next_debt_is_paid_with_it(ana: Talk, now: datetime) -> None:
    """The lender's next tape adds an instalment of 400.00, and counts what was owed before as paid."""
    parts = [
        AdjustedInstalment(1, date(2026, 11, 30), 60_000, {}),
        AdjustedInstalment(2, date(2026, 12, 15), 55_000, {}),
        AdjustedInstalment(3, date(2026, 12, 31), 40_000, {"principal": 40_000}),
    ]
    ana.advance(days=1)
    at = ana.services.clock.now()
    with write_tx(ana.services.engine) as connection:
        adjust_loans(connection, {ana.loan: AdjustedLoan(parts, at.date(), at)}, at, "lender:x")
        refresh_statuses(connection, at.date(), at, [ana.loan])
        assert list(verify(connection)) == []
    (loan,) = ana.rows(Loan)
    assert (loan.outstanding_centavos, loan.status) == (5_000, "current")
    ana.say("tengo saldo a favor?")
    assert "no tienes saldo a favor" in ana.ours()[-1].body
