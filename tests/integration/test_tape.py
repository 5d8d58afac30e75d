"""Loading a tape: all or nothing, again and again, with every bad row named."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from bot.jobs.sweeps import refresh_statuses
from bot.portfolio import (
    COLUMNS,
    NotATable,
    TapeRow,
    impossible_days,
    load_payments,
    load_tape,
    parse_row,
    sample_rows,
)
from bot.services import Services
from models import Borrower, Conversation, Hold, LedgerEntry, Loan, read_tx, write_tx
from models.ledger import verify
from tests.services import make_test_services
from tests.tapes import GOOD, count, tape


@pytest.fixture
def services(engine: Engine, now: datetime) -> Services:
    return make_test_services(engine, now)


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
        ({"borrower_name": "#REF!"}, "borrower_name"),
        ({"borrower_name": "0"}, "borrower_name"),
        ({"lender": "#¡VALOR!"}, "lender"),
        ({"state": "Narnia"}, "state"),
        ({"municipality": "99999"}, "municipality"),
        ({"state": "CDMX", "municipality": "26055"}, "municipality"),
        ({"curp": "123"}, "curp"),
        ({"curp": "LORA900315MDFPZN01"}, "curp"),
        ({"rfc": "LORA900230AB1"}, "rfc"),
        ({"rfc": "LORA900315"}, "rfc"),
        ({"preferred_channel": "fax"}, "preferred_channel"),
        ({"holds": "disputa"}, "holds"),
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


@pytest.mark.parametrize(("column", "code"), [("curp", "LORA900315MDFPZN05"), ("rfc", "LORA900315AB1")])
def test_a_code_of_somebody_born_on_another_day_is_named(column: str, code: str) -> None:
    for born, faults in (("1990-03-15", []), ("1990-03-16", [column]), ("", [])):
        row = parse_row(2, GOOD | {column: code, "birth_date": born})
        assert isinstance(row, TapeRow)
        assert [error.column for error in impossible_days(row, date(2026, 11, 24))] == faults


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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252", "cp850", "mac_roman"])
def test_the_encoding_shows_in_the_letters(services: Services, tmp_path: Path, encoding: str) -> None:
    path = tape(tmp_path, [{**GOOD, "borrower_name": "Íñigo Muñoz Pérez"}])
    path.write_bytes(path.read_text(encoding="utf-8").encode(encoding))
    assert load_tape(services, path).loans == 1
    with read_tx(services.engine) as connection:
        assert connection.scalar(select(Borrower.name)) == "Íñigo Muñoz Pérez"


@pytest.mark.parametrize(
    "name", ["Jos‚ P‚rez", "Ana MuÃ±oz", "MARÃ\xadA", "Ana Mu?oz", "Ana Mu\ufffdoz", "Ana L—pez"]
)
def test_a_name_of_which_a_wrong_encoding_took_the_letters_is_refused(
    services: Services, tmp_path: Path, name: str
) -> None:
    report = load_tape(services, tape(tmp_path, [{**GOOD, "borrower_name": name}]))
    assert [(error.column, error.fault) for error in report.errors] == [("borrower_name", "mangled")]


@pytest.mark.parametrize("column", ["product", "lender", "tags", "guarantor_name", "cash_reference"])
@pytest.mark.parametrize("text", ["CrÃ©dito", "CRÃ‰DITO", "Cr?dito", "Cr\ufffddito", "Cr‚dito"])
def test_no_text_that_is_kept_lost_its_letters(column: str, text: str) -> None:
    errors = parse_row(2, {**GOOD, column: text})
    assert isinstance(errors, list)
    assert [(error.column, error.fault) for error in errors] == [(column, "mangled")]


def test_holds_and_channels_are_read_in_any_case() -> None:
    row = parse_row(2, GOOD | {"holds": "Dispute; OPT-OUT;opt out", "preferred_channel": "WhatsApp"})
    assert isinstance(row, TapeRow)
    assert row.terms.holds == ("dispute", "opt_out")
    assert row.borrower["preferred_channel"] == "whatsapp"


@pytest.mark.parametrize(
    "name", ["João Magalhães", "Seán O’Brien", "García–López Núñez", "Grupo 3B, S.A. & Cía."]
)
def test_names_that_are_right_as_they_are(services: Services, tmp_path: Path, name: str) -> None:
    assert load_tape(services, tape(tmp_path, [{**GOOD, "borrower_name": name}])).errors == []


@pytest.mark.parametrize("name", ["¡Listo! Créditos", "Crédito Ágil®", "¿Y si sí?", "Dinero—Ya", "São João"])
def test_brands_that_are_right_as_they_are(name: str) -> None:
    assert isinstance(parse_row(2, {**GOOD, "lender": name, "product": name}), TapeRow)


@pytest.mark.parametrize("content", [b"Garc\x96Lopez", bytes(range(1, 256))])
def test_a_file_whose_encoding_does_not_show_asks_for_it(
    services: Services, tmp_path: Path, content: bytes
) -> None:
    path = tape(tmp_path, [GOOD])
    path.write_bytes(path.read_bytes().replace(GOOD["borrower_name"].encode(), content))
    with pytest.raises(NotATable, match=r"\[formats\] encoding = "):
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


def test_tags_stay_where_no_column_names_any_and_go_with_an_empty_cell(
    services: Services, tmp_path: Path
) -> None:
    def load(day: str, **tags: str) -> str | None:
        load_tape(services, tape(tmp_path, [GOOD | tags | {"as_of": day}]))
        with read_tx(services.engine) as connection:
            return connection.scalar(select(Loan.tags))

    assert load("2026-11-19") is None
    assert load("2026-11-20", tags=" VIP; campaña  Norte;vip;") == ";campaña norte;vip;"
    assert load("2026-11-21") == ";campaña norte;vip;"
    assert load("2026-11-22", tags="") == ";"
    for wrong in ("a|b", ";".join(map(str, range(21)))):
        faults = load_tape(services, tape(tmp_path, [GOOD | {"tags": wrong, "as_of": "2026-11-23"}])).errors
        assert [error.column for error in faults] == ["tags"]


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
    other = tmp_path / "r.csv"
    other.write_text("Crédito,Monto\nL1,500\n")
    with pytest.raises(NotATable, match=r"lacks loan_id.*Name the columns loan_id, amount") as caught:
        load_payments(services, other)
    assert "suggest" not in str(caught.value), "which knows tapes alone"


def test_the_columns_are_the_published_ones() -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 35
