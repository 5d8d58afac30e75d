"""What must hold of the ledger whatever happens to a loan."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from models import LedgerEntry, Posting, instalment_table, make_engine, posting_table, read_tx, write_tx
from models.ledger import (
    AlreadyReversed,
    Leg,
    NewEntry,
    Payment,
    UnbalancedEntry,
    append,
    post_payment,
    reverse_payment,
    verify,
)
from tests.loans import OPENED, add_borrower, add_loan
from values import Money

TODAY = date(2026, 3, 20)
AT = OPENED + timedelta(days=60)
LOAN = [
    (date(2026, 2, 13), {"principal": 40_000, "interest": 9_000, "late_fees": 2_500, "tax": 1_840}),
    (date(2026, 2, 27), {"principal": 40_000, "interest": 6_000}),
    (date(2026, 3, 13), {"principal": 40_001, "interest": 3_000, "tax": 480}),
]

payments = st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 30)), min_size=1, max_size=5)


@pytest.fixture
def fresh(migrated_sqlite: Path) -> Engine:
    """The template itself: every example undoes what it did."""
    return make_engine(f"sqlite:///{migrated_sqlite}")


@contextmanager
def undone(engine: Engine) -> Iterator[Connection]:
    """A transaction that leaves nothing behind."""
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN")
        yield connection
        connection.rollback()


def _pay(connection, loan: int, index: int, amount: int, day: int) -> int:
    paid = Payment(Money(amount), OPENED + timedelta(days=day, minutes=index), "spei", f"R{index}", "test")
    return post_payment(connection, loan, paid, AT, TODAY).entry_id


def _unpaid(connection, loan: int) -> list[tuple[int, ...]]:
    table = instalment_table
    columns = (
        table.c.number,
        table.c.unpaid_principal,
        table.c.unpaid_interest,
        table.c.unpaid_late_fees,
        table.c.unpaid_tax,
    )
    return [
        tuple(row)
        for row in connection.execute(
            select(*columns).where(table.c.loan_id == loan).order_by(table.c.number)
        )
    ]


@given(payments)
def test_postings_sum_to_zero_and_a_replay_gives_the_balances(
    fresh: Engine, paid: list[tuple[int, int]]
) -> None:
    with undone(fresh) as connection:
        loan = add_loan(connection, add_borrower(connection)[0], instalments=LOAN)
        for index, (amount, day) in enumerate(paid):
            _pay(connection, loan, index, amount, day)
        sums: dict[int, int] = {}
        for entry, amount in connection.execute(select(posting_table.c.entry_id, posting_table.c.amount)):
            sums[entry] = sums.get(entry, 0) + amount
        assert set(sums.values()) == {0}
        assert list(verify(connection)) == []


@given(st.lists(st.tuples(st.integers(1, 90_000), st.integers(0, 30)), min_size=2, max_size=3))
def test_the_order_of_arrival_does_not_change_the_end(fresh: Engine, paid: list[tuple[int, int]]) -> None:
    ends = set()
    for order in permutations(list(enumerate(paid))):
        with undone(fresh) as connection:
            loan = add_loan(connection, add_borrower(connection)[0], instalments=LOAN)
            for index, (amount, day) in order:
                _pay(connection, loan, index, amount, day)
            ends.add(tuple(_unpaid(connection, loan)))
    assert len(ends) == 1


@given(payments, st.integers(0, 4))
def test_a_reversal_happens_once_and_undoes_exactly_its_payment(
    fresh: Engine, paid: list[tuple[int, int]], which: int
) -> None:
    which %= len(paid)
    with undone(fresh) as connection:
        borrower = add_borrower(connection)[0]
        loan, other = add_loan(connection, borrower, 1, LOAN), add_loan(connection, borrower, 2, LOAN)
        entries = [_pay(connection, loan, index, *payment) for index, payment in enumerate(paid)]
        reverse_payment(connection, loan, entries[which], AT, "test")
        with pytest.raises(AlreadyReversed):
            reverse_payment(connection, loan, entries[which], AT, "test")
        for index, payment in enumerate(paid):
            if index != which:
                _pay(connection, other, index, *payment)
        assert _unpaid(connection, loan) == _unpaid(connection, other)
        assert list(verify(connection)) == []


def test_an_entry_whose_legs_do_not_balance_cannot_be_made() -> None:
    with pytest.raises(UnbalancedEntry, match="1 centavos off zero"):
        NewEntry("payment.posted", {}, "test", [Leg("bank", 100), Leg("unapplied", -99)])


def test_a_payment_reported_twice_is_posted_once(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan = add_loan(connection, add_borrower(connection)[0])
        first = post_payment(connection, loan, Payment(Money(5_000), OPENED, "spei", "R1", "test"), AT, TODAY)
        again = post_payment(connection, loan, Payment(Money(5_000), OPENED, "spei", "R1", "test"), AT, TODAY)
    assert not first.duplicate
    assert (again.entry_id, again.duplicate) == (first.entry_id, True)


def test_what_is_paid_too_much_waits_unapplied_and_the_loan_is_settled(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan = add_loan(connection, add_borrower(connection)[0])
        post_payment(connection, loan, Payment(Money(70_000), OPENED, "spei", "R1", "test"), AT, TODAY)
    with read_tx(engine) as connection:
        kinds = list(connection.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq)))
        unapplied = connection.scalar(select(Posting.amount).where(Posting.account == "unapplied"))
    assert kinds == ["loan.opened", "payment.posted", "loan.settled"]
    assert unapplied == -10_000


def test_a_key_written_twice_is_one_entry(engine: Engine) -> None:
    with write_tx(engine) as connection:
        loan = add_loan(connection, add_borrower(connection)[0])
        fact = NewEntry("hardship.reported", {"n": 1}, "test", key="once")
        first = append(connection, loan, AT, fact, NewEntry("complaint.opened", {}, "test"))
        second = append(connection, loan, AT, fact)
    assert second == first[:1]


def test_utc_milliseconds_survive_the_database(engine: Engine) -> None:
    at = datetime.fromisoformat("2026-03-01T11:22:33.987654-06:00")
    with write_tx(engine) as connection:
        loan = add_loan(connection, add_borrower(connection)[0])
        append(connection, loan, at, NewEntry("hardship.reported", {}, "test"))
    with read_tx(engine) as connection:
        assert list(verify(connection)) == []
