"""A tape is the lender's truth at its moment: nothing is paid twice, nothing is owed twice."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, select

from bot.money import Act, adjust
from bot.money.acts import Kind
from bot.portfolio import LoadReport, TapeLoan, TapeRow, load_batch, parse_row
from models import (
    Loan,
    Promise,
    Task,
    borrower_table,
    instalment_table,
    ledger_entry_table,
    loan_table,
    read_tx,
    write_tx,
)
from models.balance import unallocated_money
from models.ledger import (
    NewEntry,
    Payment,
    append,
    expire_promises,
    post_payment,
    reverse_payment,
    settle_transit,
    verify,
)
from models.transitions import begin
from tests.services import make_test_services
from values import Money

CITY = ZoneInfo("America/Mexico_City")
PARTS = ("principal", "interest", "late_fees", "tax")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CITY)


class Books:
    """One loan of two instalments of 600 pesos, due on 27 November and 11 December 2026."""

    def __init__(self, engine: Engine) -> None:
        self.services = make_test_services(engine, moment("2026-11-20T12:00"))

    def at(self, text: str) -> None:
        self.services.clock.at = moment(text)  # type: ignore[attr-defined]

    def tape(
        self, as_of: str, *paid: str, amounts: tuple[str, ...] = ("600.00", "600.00"), **cells: str
    ) -> LoadReport:
        """What is paid of each instalment."""
        rows = []
        for number, amount in enumerate(amounts, start=1):
            parsed = parse_row(
                number,
                {
                    "loan_id": "L1",
                    "borrower_id": "B1",
                    "borrower_name": "Ana López",
                    "phone": "+525500000001",
                    "instalment_no": str(number),
                    "due_date": ("2026-11-27", "2026-12-11", "2026-12-27")[number - 1],
                    "amount_due": amount,
                    "amount_paid": paid[number - 1] if number <= len(paid) else "0.00",
                    "as_of": as_of,
                    **cells,
                },
            )
            assert isinstance(parsed, TapeRow), parsed
            rows.append(parsed)
        report = LoadReport()
        load_batch(self.services, [TapeLoan(rows)], report, actor="lender:test")
        return report

    def pay(self, pesos: int, paid_at: str, account: str = "bank") -> int:
        now = self.services.clock.now()
        kind = "payment.posted" if account == "bank" else "charge.collected"
        paid = Payment(
            Money(pesos * 100), moment(paid_at), "spei", f"R{paid_at}", "test", kind, account=account
        )
        with write_tx(self.services.engine) as connection:
            return post_payment(connection, self.loan.id, paid, now, self.services.day(now)).entry_id

    def settle(self, entry: int) -> None:
        with write_tx(self.services.engine) as connection:
            legs = settle_transit(connection, self.loan.id, entry)
            settled = NewEntry("charge.settled", {"entry": entry}, "test", legs)
            append(connection, self.loan.id, self.services.clock.now(), settled)

    def act(self, kind: Kind, amount: int) -> None:
        with write_tx(self.services.engine) as connection:
            act = Act(kind, amount, None, "test")
            adjust(connection, self.loan.id, act, self.services.clock.now(), "test")

    def reverse(self, entry: int) -> None:
        with write_tx(self.services.engine) as connection:
            reverse_payment(connection, self.loan.id, entry, self.services.clock.now(), "test")

    @property
    def loan(self):
        with read_tx(self.services.engine) as connection:
            return connection.execute(select(loan_table)).one()

    def unpaid(self) -> list[int]:
        """Pesos, by instalment."""
        with read_tx(self.services.engine) as connection:
            rows = connection.execute(select(instalment_table).order_by(instalment_table.c.number)).all()
        return [sum(getattr(row, f"unpaid_{part}") for part in PARTS) // 100 for row in rows]

    def credit(self) -> int:
        with read_tx(self.services.engine) as connection:
            return unallocated_money(connection, self.loan.id).credit_centavos // 100

    def kinds(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            assert list(verify(connection)) == []
            query = select(ledger_entry_table.c.kind).order_by(ledger_entry_table.c.id)
            return list(connection.scalars(query))[1:]

    def tasks(self) -> list[str]:
        with read_tx(self.services.engine) as connection:
            return list(connection.scalars(select(Task.kind).order_by(Task.id)))


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
    with write_tx(promised.services.engine) as connection:
        expire_promises(connection, date(2026, 11, 30), promised.services.clock.now())
    promised.tape("2026-11-29", "600.00")
    assert promised.kinds() == ["promise.broken", "loan.adjusted", "promise.kept"]
    promised.pay(600, "2026-11-28T12:00")
    assert promised.kinds()[3:] == ["payment.posted", "promise.broken"]


def test_what_a_tape_counted_and_was_paid_before_the_promise_keeps_nothing(promised: Books) -> None:
    promised.at("2026-11-25T12:00")
    promised.tape("2026-11-24", "600.00")
    promised.pay(600, "2026-11-21T09:00")
    assert promised.kinds() == ["loan.adjusted", "promise.kept", "payment.posted", "promise.reopened"]


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
