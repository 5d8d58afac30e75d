"""Loading a tape: all or nothing, again and again, with every bad row named."""

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from bot.jobs.sweeps import refresh_statuses
from bot.portfolio import COLUMNS, NotATable, TapeRow, load_payments, load_tape, parse_row, sample_rows
from bot.services import Services
from models import Borrower, ContactPoint, Conversation, Hold, LedgerEntry, Loan, read_tx, write_tx
from models.ledger import verify
from tests.dialects import make_tape
from tests.services import make_test_services

GOOD = {
    "loan_id": "L1",
    "borrower_id": "B1",
    "borrower_name": "Ana López",
    "phone": "5512345678",
    "instalment_no": "1",
    "due_date": "2026-11-30",
    "amount_due": "500.00",
}


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


def tape(folder: Path, rows: list[dict[str, str]], name: str = "tape.csv") -> Path:
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


def count(services: Services, record: type) -> int:
    with read_tx(services.engine) as connection:
        return connection.scalar(select(func.count()).select_from(record)) or 0


def test_a_sample_portfolio_loads_and_loads_again(services: Services, tmp_path: Path) -> None:
    path = tape(tmp_path, list(sample_rows(60, 3, date(2026, 11, 24))))
    first = load_tape(services, path)
    assert (first.loans, first.created, first.errors) == (60, 60, [])
    again = load_tape(services, path)
    assert (again.created, again.unchanged) == (0, 60)
    assert count(services, Loan) == count(services, LedgerEntry) == 60
    with read_tx(services.engine) as connection:
        assert list(verify(connection)) == []


def test_the_same_seed_is_the_same_portfolio() -> None:
    today = date(2026, 11, 24)
    assert (
        list(sample_rows(20, 5, today)) == list(sample_rows(20, 5, today)) != list(sample_rows(20, 6, today))
    )


@pytest.mark.parametrize(
    ("change", "column"),
    [
        ({"amount_due": "-5"}, "amount_due"),
        ({"amount_due": "1e9"}, "amount_due"),
        ({"amount_due": "1.500"}, "amount_due"),
        ({"due_date": "30/11/2026"}, "due_date"),
        ({"due_date": "2026-02-30"}, "due_date"),
        ({"phone": "no"}, "phone"),
        ({"loan_id": ""}, "loan_id"),
        ({"instalment_no": "0"}, "instalment_no"),
        ({"principal": "1.00"}, "amount_due"),
        ({"amount_paid": "501.00"}, "amount_paid"),
        ({"holds": "angry"}, "holds"),
        ({"pay_clabe": "123"}, "pay_clabe"),
        ({"borrower_name": "A\x07na"}, "borrower_name"),
        ({"state": "Narnia"}, "state"),
        ({"curp": "123"}, "curp"),
        ({"curp": "LORA900315MDFPZN01"}, "curp"),
        ({"rfc": "LORA900230AB1"}, "rfc"),
        ({"rfc": "LORA900315"}, "rfc"),
        ({"preferred_channel": "fax"}, "preferred_channel"),
    ],
)
def test_bad_rows_are_named_and_nothing_is_loaded(
    services: Services, tmp_path: Path, change: dict[str, str], column: str
) -> None:
    path = tape(
        tmp_path,
        [GOOD | {"loan_id": "L0"} | dict.fromkeys(change, ""), GOOD | change]
        if column not in GOOD
        else [GOOD | {"loan_id": "L0"}, GOOD | change],
    )
    report = load_tape(services, path)
    assert (3, column) in [(error.line, error.column) for error in report.errors]
    assert count(services, Loan) == 0
    assert load_tape(services, path, partial=True).created == 1
    assert count(services, Loan) == 1


def test_codes_are_kept_and_a_generic_one_is_none() -> None:
    real = parse_row(2, GOOD | {"curp": "lora900315mdfpzn05", "rfc": "LORA-900315-AB1"})
    generic = parse_row(2, GOOD | {"rfc": "XAXX010101000"})
    assert isinstance(real, TapeRow)
    assert isinstance(generic, TapeRow)
    assert (real.borrower["curp"], real.borrower["rfc"]) == ("LORA900315MDFPZN05", "LORA900315AB1")
    assert generic.borrower["rfc"] is None


def test_every_row_of_a_sample_is_good() -> None:
    for cells in sample_rows(400, 3, date(2026, 11, 24)):
        assert isinstance(parse_row(2, cells), TapeRow)


def test_a_row_twice_is_named(services: Services, tmp_path: Path) -> None:
    (error,) = load_tape(services, tape(tmp_path, [GOOD, GOOD])).errors
    assert "twice" in error.reason


def test_a_dry_run_loads_nothing(services: Services, tmp_path: Path) -> None:
    assert load_tape(services, tape(tmp_path, [GOOD]), dry_run=True).loans == 1
    assert count(services, Loan) == 0


@pytest.mark.parametrize(
    "content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00", "préstamo;monto\n".encode("latin-1")]
)
def test_what_is_no_tape(services: Services, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable):
        load_tape(services, path)


def test_the_lenders_own_column_names(services: Services, tmp_path: Path) -> None:
    path = tape(tmp_path, [{"credito" if key == "loan_id" else key: value for key, value in GOOD.items()}])
    mapping = tmp_path / "columns.toml"
    mapping.write_text('[columns]\nloan_id = "credito"\n', encoding="utf-8")
    assert load_tape(services, path, mapping=mapping).created == 1


def test_two_borrowers_share_a_phone_and_a_conversation(services: Services, tmp_path: Path) -> None:
    load_tape(
        services,
        tape(tmp_path, [GOOD, GOOD | {"loan_id": "L2", "borrower_id": "B2", "borrower_name": "Luis"}]),
    )
    assert (count(services, Borrower), count(services, Conversation)) == (2, 1)


def test_a_later_tape_needs_a_day_and_adjusts_what_nothing_explains(
    services: Services, tmp_path: Path
) -> None:
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-20"}]))
    assert load_tape(services, tape(tmp_path, [GOOD])).errors[0].column == "as_of"
    report = load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-24", "amount_paid": "500.00"}]))
    assert (report.updated, report.adjusted) == (1, 1)
    with read_tx(services.engine) as connection:
        assert list(connection.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq))) == [
            "loan.opened",
            "loan.adjusted",
            "loan.settled",
        ]
        assert list(verify(connection)) == []


def test_what_only_the_loans_here_can_tell_keeps_all_of_it_out(services: Services, tmp_path: Path) -> None:
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-20"}]))
    new = GOOD | {"loan_id": "L2", "as_of": "2026-11-24"}
    for again, column in (
        (GOOD | {"as_of": ""}, "as_of"),
        (GOOD | {"as_of": "2026-11-24", "borrower_id": "B9"}, "borrower_id"),
    ):
        path = tape(tmp_path, [new, again])
        assert [(error.line, error.column) for error in load_tape(services, path).errors] == [(3, column)]
        assert count(services, Loan) == 1
    assert load_tape(services, path, partial=True).created == 1


def test_a_loan_belongs_to_one_borrower(services: Services, tmp_path: Path) -> None:
    (error,) = load_tape(
        services, tape(tmp_path, [GOOD, GOOD | {"instalment_no": "2", "borrower_id": "B2"}])
    ).errors
    assert (error.line, error.column) == (3, "borrower_id")


def test_an_instalment_that_a_later_tape_lacks_is_owed_no_more_unless_its_row_was_bad(
    services: Services, tmp_path: Path
) -> None:
    second = GOOD | {"instalment_no": "2", "due_date": "2026-12-15"}
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-20"}, second | {"as_of": "2026-11-20"}]))
    torn = tape(
        tmp_path, [GOOD | {"as_of": "2026-11-21"}, second | {"as_of": "2026-11-21", "amount_due": "-5"}]
    )
    assert load_tape(services, torn, partial=True).adjusted == 0
    assert load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-22"}])).adjusted == 1
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Loan.outstanding_centavos)) == 50_000
        assert list(verify(connection)) == []


def test_a_tape_places_holds_and_lifts_none(services: Services, tmp_path: Path) -> None:
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-20", "holds": "legal"}]))
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-21", "holds": "dispute;legal"}]))
    load_tape(services, tape(tmp_path, [GOOD | {"as_of": "2026-11-22"}]))
    with read_tx(services.engine) as connection:
        assert sorted(connection.scalars(select(Hold.kind).where(Hold.lifted_at.is_(None)))) == [
            "dispute",
            "legal",
        ]
        assert connection.scalar(select(Loan.status)) == "disputed"
        assert list(connection.scalars(select(LedgerEntry.kind).order_by(LedgerEntry.seq))) == [
            "loan.opened",
            "hold.placed",
            "hold.placed",
        ]
    with write_tx(services.engine) as connection:
        connection.execute(update(Hold).values(lifted_at=services.clock.now()))
    refresh_statuses(services)
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Loan.status)) == "current"


def test_the_lenders_days_are_mexicos(services: Services, tmp_path: Path) -> None:
    """At seven in the evening it is the next day in Greenwich already."""
    evening = GOOD | {"due_date": "2026-11-24", "as_of": "2026-11-23"}
    services.clock.at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # type: ignore[attr-defined]
    load_tape(services, tape(tmp_path, [evening]))
    paid = {
        "loan_id": "L1",
        "amount": "100.00",
        "paid_at": "2026-11-23T19:00:00-06:00",
        "rail": "spei",
        "reference": "R1",
    }
    load_payments(services, tape(tmp_path, [paid], "p.csv"))
    load_tape(services, tape(tmp_path, [evening | {"amount_paid": "100.00", "product": "x"}]))
    with read_tx(services.engine) as connection:
        assert connection.execute(select(Loan.status, Loan.outstanding_centavos)).one() == ("current", 40_000)


def test_a_payments_file_with_the_lenders_own_column_names(services: Services, tmp_path: Path) -> None:
    load_tape(services, tape(tmp_path, [GOOD]))
    path = tape(
        tmp_path,
        [{"credito": "L1", "amount": "100.00", "paid_at": "2026-11-24", "rail": "spei", "reference": "R1"}],
        "p.csv",
    )
    mapping = tmp_path / "columns.toml"
    mapping.write_text('[columns]\nloan_id = "credito"\n', encoding="utf-8")
    assert load_payments(services, path, mapping=mapping, dry_run=True).loans == 1
    assert load_payments(services, path, mapping=mapping).created == 1
    other = tape(
        tmp_path,
        [{"loan_id": "L1", "amount": "90.00", "paid_at": "2026-11-24", "rail": "spei", "reference": "R1"}],
        "q.csv",
    )
    assert load_payments(services, other).review == 1


def test_a_payments_file(services: Services, tmp_path: Path) -> None:
    load_tape(services, tape(tmp_path, [GOOD]))
    paid = {
        "loan_id": "L1",
        "amount": "100.00",
        "paid_at": "2026-11-24T10:00:00",
        "rail": "spei",
        "reference": "R1",
    }
    path = tape(tmp_path, [paid, paid | {"loan_id": "ghost"}, paid | {"amount": "x"}], "p.csv")
    assert [error.column for error in load_payments(services, path).errors] == ["amount", "loan_id"]
    assert count(services, LedgerEntry) == 1
    report = load_payments(services, path, partial=True)
    assert (report.created, sorted(error.column for error in report.errors)) == (1, ["amount", "loan_id"])
    assert load_payments(services, tape(tmp_path, [paid], "q.csv")).unchanged == 1


def test_the_columns_are_the_published_ones() -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 34


def _rows(loans: int, instalments: int = 3, **more: str) -> list[dict[str, str]]:
    return [
        GOOD
        | {
            "loan_id": f"L{loan}",
            "borrower_id": f"B{loan}",
            "phone": f"55123400{loan:02d}",
            "instalment_no": str(number),
            "due_date": f"2026-{9 + number:02d}-15",
            "as_of": "2026-11-20",
        }
        | more
        for loan in range(1, loans + 1)
        for number in range(1, instalments + 1)
    ]


@pytest.mark.parametrize("left", [4, 5, 7, 10])
def test_a_file_cut_in_transfer_is_not_believed(services: Services, tmp_path: Path, left: int) -> None:
    rows = _rows(4)
    load_tape(services, tape(tmp_path, rows))
    later = [row | {"as_of": "2026-11-23"} for row in rows][:left]
    cut = load_tape(services, tape(tmp_path, later))
    if left % 3:
        assert [(error.column, error.fault) for error in cut.errors][:1] == [("instalment_no", "cut")]
        assert cut.loans == 0
    accepted = load_tape(services, tape(tmp_path, later), accept=True)
    assert accepted.errors == []


def test_a_complete_file_names_what_it_lacks(services: Services, tmp_path: Path) -> None:
    rows = _rows(3)
    load_tape(services, tape(tmp_path, rows))
    report = load_tape(services, tape(tmp_path, rows[:6]), complete=True)
    assert report.missing == [("L3", 150_000)]
    assert _holds_of(services) == [("L3", "missing")]
    load_tape(services, tape(tmp_path, [row | {"as_of": "2026-11-23"} for row in rows]), complete=True)
    assert _holds_of(services) == []


def test_a_header_alone_and_a_complete_file_without_most_loans_hold_nothing_back(
    services: Services, tmp_path: Path
) -> None:
    rows = _rows(6)
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
    rows = _rows(3)
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
    ("change", "fault"),
    [({"as_of": "2026-11-19"}, "two_days"), ({"pay_clabe": "646180110400000007"}, "two_accounts")],
)
def test_the_rows_of_a_loan_agree_on_what_it_has_once(
    services: Services, tmp_path: Path, change: dict[str, str], fault: str
) -> None:
    rows = [GOOD | {"as_of": "2026-11-20", "pay_clabe": ""}]
    rows.append(rows[0] | {"instalment_no": "2"} | change)
    assert [error.fault for error in load_tape(services, tape(tmp_path, rows)).errors] == [fault]


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
