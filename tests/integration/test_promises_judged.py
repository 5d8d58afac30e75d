"""Promises are judged by the money's own day, whichever report brought it and whenever it came."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from models import (
    Loan,
    Promise,
    write_tx,
)
from models.transitions import begin
from tests.books import Books


@pytest.fixture
def books(sqlite_engine: Engine) -> Books:
    return Books(sqlite_engine)


@pytest.fixture
def promised(books: Books) -> Books:
    """600 pesos until 24 November, with grace until the 26th, promised on the 21st."""
    books.tape("2026-11-20")
    books.at("2026-11-21T12:00")
    at = books.services.clock.now()
    with write_tx(books.services.engine) as connection:
        promise = {
            "loan_id": connection.scalar(select(Loan.id)),
            "amount": 60_000,
            "due_date": date(2026, 11, 24),
            "expires_on": date(2026, 11, 26),
            "made_at": at,
            "status": "open",
        }
        key = connection.execute(Promise.__table__.insert().values(**promise)).inserted_primary_key[0]
        begin(connection, "promise", key, "open", at=at, actor="test", data={})
    return books


def test_a_promise_paid_by_tape_only_is_kept(promised: Books) -> None:
    promised.at("2026-11-25T12:00")
    promised.tape("2026-11-24", "600.00")
    assert promised.kinds() == ["loan.adjusted", "promise.kept"]


def test_what_only_a_later_tape_counts_may_have_been_paid_in_time(promised: Books) -> None:
    """Nobody reads that a payment was not seen which may have been made; a report of its day decides."""
    promised.at("2026-11-30T12:00")
    promised.expire()
    promised.tape("2026-11-29", "600.00")
    assert promised.kinds() == ["promise.broken", "loan.adjusted", "promise.kept"]
    promised.pay(600, "2026-11-28T12:00")
    assert promised.kinds()[3:] == ["payment.posted", "promise.broken"]


def test_what_a_tape_counted_and_was_paid_before_the_promise_keeps_nothing(promised: Books) -> None:
    promised.at("2026-11-25T12:00")
    promised.tape("2026-11-24", "600.00")
    promised.pay(600, "2026-11-21T09:00")
    assert promised.kinds() == ["loan.adjusted", "promise.kept", "payment.posted", "promise.reopened"]


def test_paid_in_time_and_reported_after_the_grace_it_is_kept(promised: Books) -> None:
    promised.at("2026-11-30T12:00")
    promised.expire()
    promised.pay(400, "2026-11-26T20:00")
    promised.pay(200, "2026-11-24T09:00")
    promised.pay(100, "2026-11-27T09:00")
    assert [kind for kind in promised.kinds() if kind.startswith("promise.")] == [
        "promise.broken",
        "promise.partial",
        "promise.kept",
    ]


def test_paid_before_it_was_made_and_reported_after_it_keeps_nothing(promised: Books) -> None:
    promised.at("2026-11-23T12:00")
    promised.pay(600, "2026-11-21T11:59")
    assert promised.kinds() == ["payment.posted"]
    promised.at("2026-11-30T12:00")
    promised.expire()
    assert promised.kinds()[1:] == ["promise.broken"]


def test_only_its_own_money_taken_back_undoes_a_promise(promised: Books) -> None:
    old = promised.pay(300, "2026-11-20T11:00")
    own = promised.pay(600, "2026-11-22T11:00")
    assert promised.kinds()[-1] == "promise.kept"
    promised.reverse(old)
    assert "promise" not in promised.kinds()[-1]
    promised.at("2026-12-10T12:00")
    promised.reverse(own)
    assert promised.kinds()[-1] == "promise.broken"
