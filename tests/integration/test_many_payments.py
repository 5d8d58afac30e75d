"""Many payments of one loan: old ones in any order, and two who report one at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select

from bot.money import Outcome, Reported
from bot.portfolio import LoadReport, TapeLoan, TapeRow, load_batch, load_payments, parse_row, receive_payment
from bot.services import Services
from models import Borrower, Event, Inflow, LedgerEntry, Loan, read_tx, write_tx
from models.ledger import open_loans, verify
from tests.loans import add_borrower, add_loan
from tests.services import make_test_services

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def services(engine: Engine) -> Services:
    with write_tx(engine) as connection:
        add_loan(connection, add_borrower(connection)[0])
    return make_test_services(engine, NOON)


def count(services: Services, model: type) -> int:
    with read_tx(services.engine) as connection:
        return connection.execute(select(func.count()).select_from(model)).scalar_one()


def sound(services: Services) -> int:
    """Centavos owed, where the books hold."""
    with read_tx(services.engine) as connection:
        assert list(verify(connection)) == []
        return connection.execute(select(Loan.outstanding_centavos)).scalar_one()


@pytest.mark.parametrize("newest_first", [True, False])
def test_sixty_old_payments_in_one_file_are_sixty_entries_and_no_message(
    services: Services, tmp_path: Path, newest_first: bool
) -> None:
    days = [NOON - timedelta(days=30 * number + 10) for number in range(60)]
    rows = [f"L1,5.00,{day.isoformat()},spei,OLD-{number}" for number, day in enumerate(days)]
    path = tmp_path / "payments.csv"
    path.write_text("\n".join(["loan_id,amount,paid_at,rail,reference", *rows[:: 1 if newest_first else -1]]))
    entries = count(services, LedgerEntry)
    report = load_payments(services, path)
    assert (report.created, report.review, report.errors) == (60, 0, [])
    assert count(services, LedgerEntry) - entries == 60
    assert count(services, Event) == 0, "nobody is thanked for a payment of last year"
    assert sound(services) == 60_000 - 60 * 500
    again = load_payments(services, path)
    assert (again.created, again.unchanged, count(services, LedgerEntry) - entries) == (0, 60, 60)


def test_two_who_report_one_payment_at_once_post_it_once(services: Services) -> None:
    days = [NOON - timedelta(days=20 * number) for number in range(8)]
    for round_ in range(8):
        start = Barrier(2)

        def report(source: str, number: int = round_, start: Barrier = start) -> Outcome:
            start.wait()
            paid = Reported(source, "spei", f"REF-{number}", 1_000, days[number], "lender:test")  # type: ignore[arg-type]
            return receive_payment(services, "L1", paid)

        with ThreadPoolExecutor(2) as pool:
            outcomes = list(pool.map(report, ["api", "api" if round_ % 2 else "file"]))
        assert sorted(each.status for each in outcomes) == ["duplicate", "posted"]
        assert len({each.inflow for each in outcomes}) == 1
    assert count(services, Inflow) == 8
    assert sound(services) == 60_000 - 8 * 1_000


@pytest.mark.parametrize("loans", [("N1", "N1"), ("N1", "N2")])
def test_two_who_load_a_new_borrower_at_once_make_one(services: Services, loans: tuple[str, str]) -> None:
    start = Barrier(2)

    def load(loan: str) -> LoadReport:
        cells = {
            "loan_id": loan,
            "borrower_id": "NEW",
            "borrower_name": "Ana López",
            "phone": "+525512345678",
            "instalment_no": "1",
            "due_date": "2026-12-15",
            "amount_due": "600.00",
            "as_of": "2026-11-24",
        }
        row, report = parse_row(1, cells), LoadReport()
        assert isinstance(row, TapeRow)
        start.wait()
        with write_tx(services.engine) as connection:
            load_batch(connection, services, [TapeLoan([row])], report, actor="lender:test")
        return report

    with ThreadPoolExecutor(2) as pool:
        reports = list(pool.map(load, loans))
    assert [each.errors for each in reports] == [[], []]
    assert sum(each.created for each in reports) == len(set(loans))
    assert (count(services, Borrower), count(services, Loan)) == (2, 1 + len(set(loans)))


def test_whoever_finds_every_loan_opened_by_another_writes_nothing(services: Services) -> None:
    before = count(services, LedgerEntry)
    with write_tx(services.engine) as connection:
        open_loans(connection, [], services.clock.now())
    assert count(services, LedgerEntry) == before
