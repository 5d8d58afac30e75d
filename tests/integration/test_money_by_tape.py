"""What a lender without files of payments recovers: what its tapes count as paid, in the reports; on both
databases.
"""

from datetime import date

from sqlalchemy import Engine

from bot.money import Reported, lock_loan, receive, reverse
from bot.reports import KPIS, Range, read_report
from models import read_tx, write_tx
from tests.books import Books, moment


def by_rail(books: Books, first: str, last: str) -> dict[str, int]:
    """Pesos that came in."""
    asked = Range(date.fromisoformat(first), date.fromisoformat(last))
    with read_tx(books.services.engine) as connection:
        rows = read_report(connection, KPIS["rails"], asked, asked.last)
        counted = read_report(connection, KPIS["recovery"], asked, date(2026, 12, 31))[0]["numerator"]
    assert counted == sum(row["numerator"] for row in rows)
    return {row["rail"]: row["numerator"] // 100 for row in rows}


def report_to(books: Books, pesos: int, paid_at: str) -> int:
    """One that was not there; its report."""
    with write_tx(books.services.engine) as connection:
        loan = lock_loan(connection, "L1")
        assert loan is not None
        paid = Reported("api", "spei", paid_at, pesos * 100, moment(paid_at), "lender:test")
        return receive(connection, loan, paid, books.services.clock.now()).report


def take_back(books: Books, report: int) -> None:
    with write_tx(books.services.engine) as connection:
        lock_loan(connection, "L1")
        reverse(connection, report, "bounced", books.services.clock.now(), "lender:test")


def test_what_only_a_tape_counts_is_recovered_on_its_day_until_it_is_reported(engine: Engine) -> None:
    books = Books(engine)
    books.tape("2026-11-20", "100.00")
    for day, paid in (("2026-11-28", "300.00"), ("2026-12-02", "600.00")):
        books.at(f"{day}T20:00")
        books.tape(day, paid)
    assert by_rail(books, "2026-11-01", "2026-11-30") == {"tape": 200}, "what the first counted has no day"
    assert by_rail(books, "2026-12-01", "2026-12-31") == {"tape": 300}
    report = report_to(books, 300, "2026-12-01T12:00")
    assert by_rail(books, "2026-11-01", "2026-11-30") == {"tape": 200}
    assert by_rail(books, "2026-12-01", "2026-12-31") == {"spei": 300}
    take_back(books, report)
    assert by_rail(books, "2026-11-01", "2026-11-30") == {"tape": 200}
    books.at("2026-12-05T20:00")
    books.tape("2026-12-05", "150.00")
    assert by_rail(books, "2026-11-01", "2026-12-31") == {"tape": 50}, "a tape takes back what tapes counted"


def test_a_tape_that_counts_less_than_was_reported_takes_it_back_once(engine: Engine) -> None:
    books = Books(engine)
    books.tape("2026-11-20")
    books.at("2026-11-28T20:00")
    report = report_to(books, 600, "2026-11-23T12:00")
    books.at("2026-12-02T20:00")
    books.tape("2026-12-02")
    assert by_rail(books, "2026-11-01", "2026-11-30") == {"spei": 600}
    assert by_rail(books, "2026-12-01", "2026-12-31") == {"tape": -600}
    take_back(books, report)
    assert by_rail(books, "2026-11-01", "2026-12-31") == {}
