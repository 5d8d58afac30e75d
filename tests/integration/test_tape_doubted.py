"""Tapes that cannot be true are not believed: cut short, without most loans, with ids or people not one."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from bot.portfolio import NotATable, load_tape
from bot.services import Services
from models import Borrower, ContactPoint, Hold, Loan, read_tx, write_tx
from tests.dialects import make_tape
from tests.services import make_test_services
from tests.tapes import GOOD, count, rows_of, tape


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


@pytest.mark.parametrize("left", [4, 5, 7, 10])
def test_a_file_cut_in_transfer_is_not_believed(services: Services, tmp_path: Path, left: int) -> None:
    rows = rows_of(4)
    load_tape(services, tape(tmp_path, rows))
    later = [row | {"as_of": "2026-11-23"} for row in rows][:left]
    cut = load_tape(services, tape(tmp_path, later))
    if left % 3:
        assert [(error.column, error.fault) for error in cut.errors][:1] == [("instalment_no", "cut")]
        assert cut.loans == 0
    accepted = load_tape(services, tape(tmp_path, later), accept=True)
    assert accepted.errors == []


def test_a_file_without_most_of_what_was_owed_is_not_believed_in_any_order(
    services: Services, tmp_path: Path
) -> None:
    """Each instalment that it lacks would count as paid."""
    rows = rows_of(4)
    load_tape(services, tape(tmp_path, rows))
    last = [row | {"as_of": "2026-11-23"} for row in rows if row["instalment_no"] == "3"]
    assert {error.fault for error in load_tape(services, tape(tmp_path, last)).errors} == {"cut"}
    paid = [row | {"as_of": "2026-11-23"} for row in rows if row["instalment_no"] != "1"]
    assert load_tape(services, tape(tmp_path, paid)).errors == []


def test_a_complete_file_names_what_it_lacks(services: Services, tmp_path: Path) -> None:
    rows = rows_of(3)
    load_tape(services, tape(tmp_path, rows))
    report = load_tape(services, tape(tmp_path, rows[:6]), complete=True)
    assert report.missing == [("L3", 150_000)]
    assert _holds_of(services) == [("L3", "missing")]
    load_tape(services, tape(tmp_path, [row | {"as_of": "2026-11-23"} for row in rows]), complete=True)
    assert _holds_of(services) == []


def test_a_header_alone_and_a_complete_file_without_most_loans_hold_nothing_back(
    services: Services, tmp_path: Path
) -> None:
    rows = rows_of(6)
    load_tape(services, tape(tmp_path, rows))
    path = tape(tmp_path, rows[:1])
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(NotATable, match="no rows"):
        load_tape(services, path, complete=True)
    few = [row | {"as_of": "2026-11-23"} for row in rows[:6]]
    report = load_tape(services, tape(tmp_path, few), complete=True, partial=True)
    assert ([error.fault for error in report.errors], len(report.missing)) == (["mostly_missing"], 4)
    assert (report.loans, _holds_of(services)) == (0, [])
    assert load_tape(services, tape(tmp_path, few), complete=True, accept=True).errors == []
    assert len(_holds_of(services)) == 4


def test_a_loan_with_a_bad_row_is_neither_missing_nor_in_the_sums(services: Services, tmp_path: Path) -> None:
    rows = rows_of(3)
    load_tape(services, tape(tmp_path, rows))
    later = [row | {"as_of": "2026-11-23"} for row in rows]
    later[0]["amount_due"] = "?"
    later[3] |= {"birth_date": "2031-01-01"}
    later[4] |= {"birth_date": "2031-01-01"}
    later[5] |= {"birth_date": "2031-01-01"}
    report = load_tape(services, tape(tmp_path, later), complete=True, dry_run=True)
    assert report.missing == []
    assert report.preview is not None
    assert (report.preview.bad, report.preview.differences) == (2, [])
    assert sum(report.preview.loans.values()) == 1


def _holds_of(services: Services) -> list[tuple[str, str]]:
    standing = select(Loan.external_id, Hold.kind).join(Loan, Loan.id == Hold.loan_id)
    with read_tx(services.engine) as connection:
        return [tuple(row) for row in connection.execute(standing.where(Hold.lifted_at.is_(None)))]


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"birth_date": "2030-05-01"}, "birth_date"),
        ({"birth_date": "1890-05-01"}, "birth_date"),
        ({"due_date": "1999-05-01"}, "due_date"),
        ({"due_date": "2099-05-01"}, "due_date"),
        ({"phone": "5555555555"}, "phone"),
        ({"as_of": "2062-01-01"}, "as_of"),
        ({"opened_on": "2062-01-01"}, "opened_on"),
        ({"phone_2": "1234567890"}, "phone_2"),
    ],
)
def test_what_cannot_be_true_is_refused(
    services: Services, tmp_path: Path, change: dict[str, str], column: str
) -> None:
    report = load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-20"} | change]))
    assert [error.column for error in report.errors] == [column]
    assert count(services, Loan) == 0


def test_thirty_borrowers_on_one_phone_have_none(services: Services, tmp_path: Path) -> None:
    rows = [GOOD | {"loan_id": f"L{i}", "borrower_id": f"B{i}"} for i in range(30)]
    report = load_tape(services, tape(tmp_path, rows))
    assert {error.fault for error in report.errors} == {"filler"}
    assert load_tape(services, tape(tmp_path, rows[:29])).created == 29
    again = rows[29] | {"phone": "5512345699", "phone_2": rows[0]["phone"]}
    (error,) = load_tape(services, tape(tmp_path, [again])).errors
    assert (error.column, error.fault, error.params) == ("phone_2", "filler", {"people": 30})


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("000123", "123"),
        ("123.0", "123"),
        ("cr-1", "CR-1"),
        ("123456789012345678", "123456789012345000"),
        ("123456789012345000", "123456789012345678"),
    ],
)
def test_ids_that_a_spreadsheet_changed_are_not_two_loans(
    services: Services, tmp_path: Path, first: str, second: str
) -> None:
    load_tape(services, tape(tmp_path, [GOOD | {"loan_id": first}]))
    report = load_tape(services, tape(tmp_path, [GOOD | {"loan_id": second}]))
    assert [(error.column, error.loan_id) for error in report.errors] == [("loan_id", second)]
    for borrower, other in ((first, second), (second, first)):
        people = [GOOD | {"loan_id": "L8", "borrower_id": borrower}, GOOD | {"borrower_id": other}]
        report = load_tape(services, tape(tmp_path, people))
        assert [(error.column, error.fault) for error in report.errors] == [("borrower_id", "spreadsheet_id")]
    assert count(services, Loan) == 1


def test_one_borrower_id_is_one_person(services: Services, tmp_path: Path) -> None:
    ana = GOOD | {"birth_date": "1990-01-02", "as_of": "2026-11-20"}
    other = ana | {"loan_id": "L2", "borrower_name": "Luz Rey", "birth_date": "1985-07-08"}
    both = load_tape(services, tape(tmp_path, [ana, other]))
    assert [error.column for error in both.errors] == ["borrower_id"]
    assert load_tape(services, tape(tmp_path, [ana])).created == 1
    assert [error.column for error in load_tape(services, tape(tmp_path, [other])).errors] == ["borrower_id"]
    unknown = ana | {"borrower_name": "Luz Rey", "birth_date": "", "as_of": "2026-11-23"}
    assert [error.column for error in load_tape(services, tape(tmp_path, [unknown])).errors] == [
        "borrower_id"
    ]
    corrected = ana | {"borrower_name": "LOPEZ ANA", "birth_date": "1990-02-01", "as_of": "2026-11-22"}
    assert load_tape(services, tape(tmp_path, [corrected])).errors == []
    married = corrected | {"borrower_name": "Ana López de Rey", "as_of": "2026-11-23"}
    assert load_tape(services, tape(tmp_path, [married])).errors == []


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("as_of", "2026-11-20", "2026-11-19"),
        ("pay_clabe", "", "646180110400000007"),
        ("borrower_name", "Ana López", "Luz López"),
        ("birth_date", "1990-01-02", "1990-01-03"),
        ("phone", "5512345678", "5512345679"),
        ("product", "Nómina", "Auto"),
        ("tags", "vip", "norte"),
        ("holds", "legal", "dispute; legal"),
    ],
)
def test_the_rows_of_a_loan_agree_on_what_it_has_once(
    services: Services, tmp_path: Path, column: str, first: str, second: str
) -> None:
    rows = [GOOD | {column: first}, GOOD | {"instalment_no": "2", column: second}]
    (error,) = load_tape(services, tape(tmp_path, rows)).errors
    assert (error.line, error.column, error.fault, error.params["line"]) == (3, column, "two_values", 2)


def test_a_cell_that_one_row_of_a_loan_fills_counts_for_all(services: Services, tmp_path: Path) -> None:
    given = {"birth_date": "1990-01-02", "product": "Nómina", "holds": "legal", "phone_2": "5598765432"}
    rows = [
        GOOD | dict.fromkeys(given, ""),
        GOOD | {"instalment_no": "2", "borrower_name": "LOPEZ ANA"} | given,
    ]
    assert load_tape(services, tape(tmp_path, rows)).errors == []
    assert _holds_of(services) == [("L1", "legal")]
    assert count(services, ContactPoint) == 2
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Borrower.birth_date)) == date(1990, 1, 2)
        assert connection.scalar(select(Loan.product)) == "Nómina"


def test_a_second_phone_is_written_to_where_the_first_cannot_be(services: Services, tmp_path: Path) -> None:
    from bot.reach import best_contact_point

    load_tape(services, tape(tmp_path, [GOOD | {"phone_2": "55 9876 5432"}]))
    with write_tx(services.engine) as connection:
        borrower = connection.scalar(select(Borrower.id))
        assert borrower is not None
        first = best_contact_point(connection, borrower)
        assert first is not None
        assert first.key == "+525512345678"
        connection.execute(update(ContactPoint).where(ContactPoint.id == first.id).values(status="invalid"))
        second = best_contact_point(connection, borrower)
        assert second is not None
        assert second.key == "+525598765432"


def test_the_day_of_a_load_stands_in_the_place_of_the_files_own(services: Services, tmp_path: Path) -> None:
    path = tape(tmp_path, [GOOD | {"as_of": "2026-11-01"}])
    assert load_tape(services, path, as_of=date(2026, 11, 20)).created == 1
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Loan.as_of)) == date(2026, 11, 20)


@pytest.mark.parametrize("shape", ["instalments", "loans"])
def test_the_books_of_a_dialect_are_the_same(services: Services, tmp_path: Path, shape: str) -> None:
    how = dict.fromkeys(("unquoted", "cut", "whole"), None) | {"shape": shape, "encoding": "cp1252", "off": 0}
    how |= {"delimiter": ";", "days": "dd/mm/yyyy", "decimal": ",", "grouped": True, "sign": "$"}
    how |= {"reordered": True, "junk": True, "total": True}
    path, mapping, owed, asked = make_tape(tmp_path, how, 7)
    assert not asked
    assert load_tape(services, path, mapping=mapping).errors == []
    loans = {loan for loan, _ in owed}
    sums = {loan: sum(owing for (of, _), owing in owed.items() if of == loan) for loan in loans}
    with read_tx(services.engine) as connection:
        rows = connection.execute(select(Loan.external_id, Loan.outstanding_centavos)).all()
    assert {loan: owing for loan, owing in rows if owing} == {
        loan: owing for loan, owing in sums.items() if owing
    }
