"""A tape is the lender's truth at its moment: nothing is paid twice, nothing is owed twice."""

from typing import Any

import pytest
from sqlalchemy import Engine, select

from bot.money.acts import Kind
from models import (
    borrower_table,
    read_tx,
)
from tests.books import Books


@pytest.fixture
def books(engine: Engine) -> Books:
    return Books(engine)


def test_a_tape_that_does_not_know_yet_what_is_in_transit_changes_nothing(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-23T20:00")
    books.pay(600, "2026-11-23T12:00", account="transit:belvo")
    books.tape("2026-11-23", product="now with a name")
    assert (books.unpaid(), books.kinds(), books.tasks()) == ([0, 600], ["charge.collected"], [])


def test_a_tape_that_knows_what_is_in_transit_changes_nothing_either(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-23T20:00")
    books.pay(600, "2026-11-23T12:00", account="transit:belvo")
    books.tape("2026-11-23", "600.00")
    assert (books.unpaid(), books.kinds(), books.tasks()) == ([0, 600], ["charge.collected"], [])


def test_a_reversal_that_a_tape_knew_first_opens_the_debt_once(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-23T20:00")
    entry = books.pay(600, "2026-11-21T12:00")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-25")
    assert (books.unpaid(), books.tasks()) == ([600, 600], ["large_adjustment"])
    books.reverse(entry)
    assert books.unpaid() == [600, 600]
    assert books.kinds() == ["payment.posted", "loan.adjusted", "payment.reversed"]


def test_a_payment_that_a_tape_counted_first_pays_once(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "600.00")
    books.pay(600, "2026-11-24T09:00")
    assert (books.unpaid(), books.loan.status) == ([0, 600], "current")
    assert books.kinds() == ["loan.adjusted", "payment.posted"]


def test_what_the_first_tape_counted_as_paid_pays_once_too(books: Books) -> None:
    books.tape("2026-11-20", "600.00")
    entry = books.pay(600, "2026-11-19T09:00")
    assert books.unpaid() == [0, 600]
    books.reverse(entry)
    assert books.unpaid() == [600, 600], "it was taken back after the tape that counted it"


@pytest.mark.parametrize("order", [(450, 600), (600, 450)])
def test_what_the_first_tape_counted_is_found_in_any_order(books: Books, order: tuple[int, int]) -> None:
    books.tape("2026-11-19", "600.00")
    for place, pesos in enumerate(order):
        books.pay(pesos, f"2026-11-1{place + 7}T09:00")
    assert (books.unpaid(), books.credit()) == ([0, 150], 0)


def test_the_first_tape_knows_all_of_its_day_once_that_is_over(books: Books) -> None:
    books.tape("2026-11-19", "600.00")
    books.pay(600, "2026-11-19T17:00")
    assert books.unpaid() == [0, 600]
    books.pay(600, "2026-11-20T01:00")
    assert books.unpaid() == [0, 0]


def test_of_a_day_that_is_not_over_the_first_tape_knows_what_was_paid_before(books: Books) -> None:
    books.tape("2026-11-20", "600.00")
    books.pay(600, "2026-11-20T09:00")
    assert books.unpaid() == [0, 0]


def test_what_the_first_tape_counted_explains_no_payment_since(books: Books) -> None:
    """Two tapes count the same; a payment of the days between is reported after both."""
    books.tape("2026-11-19", "600.00")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "600.00", product="now with a name")
    books.pay(600, "2026-11-22T09:00")
    assert books.unpaid() == [0, 0]


def test_what_was_paid_beyond_what_the_first_tape_shows_is_credit_once(books: Books) -> None:
    books.tape("2026-11-19", "600.00", "600.00")
    books.pay(1300, "2026-11-18T09:00")
    assert (books.unpaid(), books.credit(), books.loan.status) == ([0, 0], 100, "settled")


def test_a_payment_that_the_tape_does_not_count_pays(books: Books) -> None:
    books.tape("2026-11-20", "200.00")
    books.pay(300, "2026-11-19T09:00")
    assert books.unpaid() == [100, 600]


def test_a_payment_after_the_tape_pays_what_the_tape_leaves(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    entry = books.pay(600, "2026-11-25T10:00")
    books.tape("2026-11-24", "600.00")
    assert books.unpaid() == [0, 0]
    assert books.loan.status == "settled"
    books.reverse(entry)
    assert (books.unpaid(), books.loan.status) == ([0, 600], "current")


def test_a_payment_reported_after_the_tapes_day_is_matched_either_way(books: Books) -> None:
    for paid in ((), ("600.00",)):
        books.tape("2026-11-20") if not paid else None
        books.at("2026-11-26T12:00" if paid else "2026-11-25T12:00")
        if not paid:
            books.pay(600, "2026-11-23T10:00")
        books.tape("2026-11-24", *paid, product="x" * (1 + len(paid)))
        assert (books.unpaid(), books.tasks()) == ([0, 600], [])


def test_credit_pays_the_debt_that_a_tape_adds(books: Books) -> None:
    books.tape("2026-11-20", amounts=("600.00",))
    books.pay(700, "2026-11-20T10:00")
    assert (books.credit(), books.loan.status) == (100, "settled")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-25", "600.00")
    assert (books.unpaid(), books.credit(), books.loan.status) == ([0, 500], 0, "current")


def test_settled_by_tape_and_owed_again_by_tape(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "600.00", "600.00")
    assert (books.loan.status, books.kinds()) == ("settled", ["loan.adjusted", "loan.settled"])
    books.tape("2026-11-25", "600.00", "0.00")
    assert (books.loan.status, books.unpaid()) == ("current", [0, 600])
    books.at("2026-12-15T12:00")
    books.tape("2026-12-14", "600.00", "600.00")
    books.tape("2026-12-15", "0.00", "0.00")
    assert books.loan.status == "overdue"


def test_a_fee_is_billed_and_explains_no_money(books: Books) -> None:
    books.tape("2026-11-20")
    entry = books.pay(600, "2026-11-20T10:00")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-25", "600.00", amounts=("650.00", "600.00"))
    assert books.unpaid() == [50, 600]
    books.reverse(entry)
    assert books.unpaid() == [650, 600]


def test_a_reversal_that_a_tape_knew_long_before_and_a_payment_that_nobody_reported(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-21T20:00")
    entry = books.pay(600, "2026-11-21T12:00")
    books.at("2026-11-26T12:00")
    books.tape("2026-11-25", "300.00")
    books.reverse(entry)
    assert books.unpaid() == [300, 600], "600 less, 300 more: as the tape says"
    books.pay(300, "2026-11-24T12:00")
    assert books.unpaid() == [300, 600]


def test_what_a_tape_counts_is_found_again_with_each_late_report(books: Books) -> None:
    """At first 600 seems to be beyond the 450 that the tape counts; with 450 reported they are."""
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "450.00")
    books.at("2026-11-26T12:00")
    books.pay(600, "2026-11-24T12:00")
    assert books.unpaid() == [0, 150]
    books.pay(450, "2026-11-24T13:00")
    assert (books.unpaid(), books.credit()) == ([0, 150], 0)


def test_money_beyond_what_is_owed_counts_once(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "600.00", "600.00")
    books.at("2026-11-26T12:00")
    entries = [books.pay(500, f"2026-11-2{day}T12:00") for day in (2, 3, 4)]
    assert (books.unpaid(), books.credit()) == ([0, 0], 300)
    books.reverse(entries[0])
    assert (books.unpaid(), books.credit()) == ([0, 200], 0)


def test_money_taken_back_after_the_tape_that_counted_it_is_owed_again(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-24", "600.00")
    books.at("2026-11-27T12:00")
    entry = books.pay(600, "2026-11-24T12:00")
    books.reverse(entry)
    assert (books.unpaid(), books.loan.status) == ([600, 600], "current")


def test_a_tape_of_the_future_is_refused(books: Books) -> None:
    report = books.tape("2062-01-01")
    assert [(error.column, error.fault) for error in report.errors] == [("as_of", "as_of_future")]


def test_an_older_tape_changes_nothing_at_all(books: Books) -> None:
    books.tape("2026-11-19", birth_date="1990-01-01", state="09")
    with read_tx(books.services.engine) as connection:
        before = connection.execute(select(borrower_table)).all()
    report = books.tape(
        "2026-11-18", "600.00", borrower_name="Other Name", birth_date="1980-02-02", state="02", holds="legal"
    )
    with read_tx(books.services.engine) as connection:
        assert connection.execute(select(borrower_table)).all() == before
    assert (report.unchanged, report.older, books.unpaid(), books.kinds()) == (1, 1, [600, 600], [])


def test_credit_that_the_lender_has_used_is_not_used_again(books: Books) -> None:
    books.tape("2026-11-20", amounts=("600.00",))
    books.pay(1000, "2026-11-20T10:00")
    books.at("2026-11-25T12:00")
    books.tape("2026-11-25", "600.00", "400.00")
    assert (books.unpaid(), books.credit(), books.tasks()) == ([0, 200], 0, [])


def test_a_fee_and_a_debit_in_transit_on_one_tape(books: Books) -> None:
    """The tape bills 50 more and does not know of the 600 yet."""
    books.tape("2026-11-20")
    books.at("2026-11-23T20:00")
    books.pay(600, "2026-11-23T12:00", account="transit:belvo")
    books.tape("2026-11-23", amounts=("650.00", "600.00"))
    assert (books.unpaid(), books.tasks()) == ([50, 600], [])


def test_credit_that_the_lender_keeps_apart_explains_every_later_tape(books: Books) -> None:
    books.tape("2026-11-20")
    books.pay(1500, "2026-11-20T11:00")
    known = ("600.00", "600.00", "0.00")
    for day, amount in (("2026-11-30", "200.00"), ("2026-12-01", "200.00"), ("2026-12-02", "210.00")):
        books.at(f"{day}T20:00")
        books.tape(day, *known, amounts=("600.00", "600.00", amount))
    assert (books.unpaid(), books.credit(), books.tasks()) == ([0, 0, 0], 90, [])
    books.at("2026-12-03T20:00")
    books.tape("2026-12-03", "600.00", "600.00", "210.00", amounts=("600.00", "600.00", "210.00"))
    assert (books.unpaid(), books.credit(), books.tasks()) == ([0, 0, 0], 90, [])
    books.kinds()


def test_a_debit_may_be_missing_from_the_tapes_of_two_banking_days(books: Books) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-23T12:00")
    entry = books.pay(600, "2026-11-23T12:00", account="transit:belvo")
    books.at("2026-11-25T12:00")
    books.settle(entry)
    for day in ("2026-11-25", "2026-11-26"):
        books.at(f"{day}T20:00")
        books.tape(day)
        assert (books.unpaid(), books.tasks()) == ([0, 600], [])
    books.at("2026-11-27T20:00")
    books.tape("2026-11-27")
    assert (books.unpaid(), books.tasks()) == ([600, 600], ["large_adjustment"])
    books.kinds()


FORGIVEN = ("waiver", 20_000), ("waiver", 120_000), ("write_off", 120_000)


@pytest.mark.parametrize(("kind", "amount"), FORGIVEN)
def test_what_was_forgiven_stays_so_though_the_tape_does_not_know_it(
    books: Books, kind: Kind, amount: int
) -> None:
    books.tape("2026-11-20")
    books.at("2026-11-22T12:00")
    books.act(kind, amount)
    forgiven = (books.unpaid(), books.loan.status)
    books.at("2026-11-23T20:00")
    books.tape("2026-11-21", product="of the day before")
    assert (books.unpaid(), books.loan.status, books.tasks()) == (*forgiven, [])
    for day in ("2026-11-22", "2026-11-23"):
        books.tape(day)
        assert (books.unpaid(), books.loan.status, books.tasks()) == (*forgiven, ["forgiven_not_known"])
    books.kinds()


@pytest.mark.parametrize("shown", [{"amounts": ("400.00", "600.00")}, {"paid": ("200.00",)}])
def test_a_waiver_that_the_tape_knows_is_no_money_and_no_case(books: Books, shown: dict[str, Any]) -> None:
    """Billed as less, or counted as paid: a payment taken back since is owed again all the same."""
    books.tape("2026-11-20")
    entry = books.pay(200, "2026-11-20T11:00")
    books.at("2026-11-21T12:00")
    books.act("waiver", 20_000)
    books.at("2026-11-22T20:00")
    paid = shown.get("paid", ("0.00",))
    books.tape(
        "2026-11-22", f"{float(paid[0]) + 200:.2f}", amounts=shown.get("amounts", ("600.00", "600.00"))
    )
    assert (books.unpaid(), books.tasks()) == ([200, 600], [])
    books.at("2026-11-23T12:00")
    books.reverse(entry)
    assert (sum(books.unpaid()), books.credit()) == (1000, 0)
    books.kinds()


def test_a_refund_whose_money_is_taken_back_is_no_debt_of_any_instalment(books: Books) -> None:
    """The next money makes up for it before it pays a debt. What a tape says is owed stands without it."""
    books.tape("2026-11-20")
    books.at("2026-11-23T20:00")
    entry = books.pay(1300, "2026-11-23T12:00")
    books.act("refund", 10_000)
    books.reverse(entry)
    assert (books.unpaid(), books.credit()) == ([600, 600], -100)
    books.pay(60, "2026-11-23T13:00")
    assert (books.unpaid(), books.credit()) == ([600, 600], -40)
    books.tape("2026-11-20", "200.00")
    assert (books.unpaid(), books.credit()) == ([400, 600], -40)
    books.pay(340, "2026-11-23T14:00")
    assert (books.unpaid(), books.credit()) == ([100, 600], 0)
    assert books.kinds()[-2:] == ["loan.adjusted", "payment.posted"]


def test_a_tape_counts_no_money_that_is_more_than_it_shows_as_paid(books: Books) -> None:
    """612 pesos came and were taken back after the tape's day: 600 on the tape are not those."""
    books.tape("2026-11-20")
    books.at("2026-11-24T12:00")
    books.reverse(books.pay(612, "2026-11-23T10:00"))
    books.tape("2026-11-23", "600.00")
    assert (books.unpaid(), books.credit()) == ([0, 600], 0)
    assert books.kinds() == ["payment.posted", "payment.reversed", "loan.adjusted"]


def test_no_instalment_owes_more_than_falls_due_when_money_is_taken_back(books: Books) -> None:
    """A tape has it pay the second one, where the rule had it pay the first."""
    books.tape("2026-11-20")
    books.at("2026-11-20T12:30")
    entry = books.pay(300, "2026-11-20T12:20")
    books.tape("2026-11-20", "0.00", "300.00")
    assert (books.unpaid(), books.tasks()) == ([600, 300], ["large_adjustment"])
    books.reverse(entry)
    assert (books.unpaid(), books.kinds()[-2:]) == ([600, 600], ["payment.reversed", "loan.adjusted"])
