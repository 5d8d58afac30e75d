"""A lender's file as it really is: the same portfolio in many dialects gives the same cells, or one clear
refusal.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.portfolio import COLUMNS, REQUIRED, NotATable, RowError, suggest
from bot.portfolio.dialect import (
    Formats,
    InvalidCell,
    InvalidMapping,
    Mapping,
    layout_of,
    read_mapping,
    rows_of,
)
from bot.portfolio.dialect import cells as forms
from bot.portfolio.errors import UnknownFault
from bot.portfolio.loading import tape_rows
from bot.portfolio.loan_shape import instalments_of
from bot.wording import Wording

HEADER = ("loan_id", "borrower_id", "borrower_name", "phone", "instalment_no", "due_date", "amount_due")
ROW = ("L1", "B1", "Ana López", "5512345678", "1", "2026-11-30", "500.00")


def read(path: Path, mapping: Mapping | None = None) -> list[dict[str, str]]:
    rows = list(rows_of(path, mapping or Mapping(), REQUIRED, COLUMNS))
    assert [row.errors for row in rows if row.errors] == []
    return [dict(row.cells) for row in rows]


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join((*lines, "")).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("text", "formats", "wanted"),
    [
        ("2026-11-30", Formats(), "2026-11-30"),
        ("2026-11-30 00:00:00", Formats(), "2026-11-30"),
        ("'2026-11-30", Formats(), "2026-11-30"),
        ("30/11/2026", Formats(dates="dd/mm/yyyy"), "2026-11-30"),
        ("3/4/2026", Formats(dates="mm/dd/yyyy"), "2026-03-04"),
        ("2026-11-30", Formats(dates="dd/mm/yyyy"), "2026-11-30"),
        ("15-dic-26", Formats(dates="dd-mmm-yy"), "2026-12-15"),
        ("05-ENE-88", Formats(dates="dd-mmm-yy"), "1988-01-05"),
        ("15-Aug-2026", Formats(dates="dd-mmm-yy"), "2026-08-15"),
        ("20261130", Formats(dates="yyyymmdd"), "2026-11-30"),
    ],
)
def test_days(text: str, formats: Formats, wanted: str) -> None:
    assert forms.day(text, formats) == wanted


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("03/04/2026", "day_ambiguous"),
        ("30/11/2026", "day_of_other_form"),
        ("11/30/2026", "day_of_other_form"),
        ("15-dic-26", "day_of_other_form"),
        ("20261130", "day_of_other_form"),
        ("mañana", "not_a_day"),
        ("46337", "day_serial"),
        ("2026-02-30", "no_such_day"),
    ],
)
def test_a_day_in_another_form_is_refused_with_the_setting(text: str, hint: str) -> None:
    with pytest.raises(InvalidCell, match=hint):
        forms.day(text, Formats())


@pytest.mark.parametrize(
    ("text", "decimal", "wanted"),
    [
        ("1234", None, "1234.00"),
        ("1234.5", None, "1234.50"),
        ("$1,234.50", None, "1234.50"),
        ("MXN 1 234.50", None, "1234.50"),
        ("$ 1\u00a0234.50 ", None, "1234.50"),
        ("1,234,567", None, "1234567.00"),
        ("1.234,50", None, "1234.50"),
        ("1234,50", None, "1234.50"),
        ("1234.500", None, "1234.50"),
        ("1.234", ",", "1234.00"),
        ("1,234", ".", "1234.00"),
        ("0.00", None, "0.00"),
    ],
)
def test_amounts(text: str, decimal: str | None, wanted: str) -> None:
    assert forms.amount(text, Formats(decimal=decimal)) == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "decimal", "hint"),
    [
        ("1,234", None, "amount_ambiguous"),
        ("1.234", None, "amount_ambiguous"),
        ("-250.00", None, "amount_signed"),
        ("(250.00)", None, "amount_signed"),
        ("250.00-", None, "amount_signed"),
        ("1234.505", None, "amount_decimals"),
        ("1.234", ".", "amount_decimals"),
        ("1,5", ".", "amount_other_decimal"),
        ("1.174E+03", None, "shortened"),
        ("=1+1", None, "not_an_amount"),
        ("12-34", None, "not_an_amount"),
        ("", None, "not_an_amount"),
    ],
)
def test_an_amount_that_could_mean_two_things_is_refused(text: str, decimal: str | None, hint: str) -> None:
    with pytest.raises(InvalidCell, match=hint):
        forms.amount(text, Formats(decimal=decimal))  # type: ignore[arg-type]


@given(st.text(max_size=30), st.sampled_from([None, ".", ","]))
def test_an_amount_is_read_as_its_digits_or_refused(text: str, decimal: str | None) -> None:
    try:
        read_amount = forms.amount(text, Formats(decimal=decimal))  # type: ignore[arg-type]
    except InvalidCell:
        return
    digits = "".join(str(int(c)) for c in text if c.isdecimal())
    assert digits.rstrip("0").lstrip("0") == read_amount.replace(".", "").rstrip("0").lstrip("0")


@pytest.mark.parametrize(
    "text",
    [
        "5512340417",
        "5512340417.0",
        "'5512340417",
        "55–1234–0417",
        "0052 55 1234 0417",
        "+52 044 55 1234 0417",
        "(55) 1234.0417",
    ],
)
def test_phones_as_people_write_them(text: str) -> None:
    from values import Phone

    assert Phone.parse(forms.phone(text, Formats())).e164 == "+525512340417"


def test_shortened_numbers_are_refused() -> None:
    for reader in (forms.phone, forms.identifier):
        with pytest.raises(InvalidCell, match="shortened"):
            reader("5.25512E+11", Formats())


def test_a_row_with_more_or_fewer_cells_is_an_error(tmp_path: Path) -> None:
    path = write(
        tmp_path / "t.csv",
        ",".join(HEADER),
        "L1,B1,Ana,5512345678,1,2027-01-15,1,500.00",
        "L2,B2,Ana,5512345678,1",
    )
    errors = [error.fault for row in rows_of(path, Mapping(), REQUIRED, COLUMNS) for error in row.errors]
    assert errors == ["cells_extra", "cells_missing"]


@pytest.mark.parametrize(
    ("more", "row", "fault"),
    [
        ("product,lender", "1,500.00,Nómina,", "cells_extra"),
        ("product", "1,500.00", "amount_split"),
        ("Notas", "12,500.50", "amount_split"),
        ("product,", "500.00,Nómina,", None),
        ("product", "500,Nómina", None),
    ],
)
def test_an_amount_that_nothing_quotes_is_not_read_as_its_thousands(
    tmp_path: Path, more: str, row: str, fault: str | None
) -> None:
    path = write(tmp_path / "t.csv", f"{','.join(HEADER)},{more}", f"{','.join(ROW[:6])},{row}")
    (read,) = rows_of(path, Mapping(), REQUIRED, COLUMNS)
    assert [error.fault for error in read.errors] == ([fault] if fault else [])


@pytest.mark.parametrize(
    ("column", "before", "end", "whole"),
    [
        ("amount_due", "500.00", "500.00", True),
        ("amount_due", "500.00", "500.0", False),
        ("amount_due", "1500", "15", False),
        ("due_date", "2026-11-30", "2026-12-30", True),
        ("due_date", "2026-11-30", "2026-12-3", False),
        ("loan_id", "L101", "L102", True),
        ("loan_id", "L101", "L10", False),
        ("instalment_no", "11", "1", False),
        ("borrower_name", "Ana López", "Luz", True),
    ],
)
def test_a_file_that_ends_inside_its_last_cell_is_not_believed(
    tmp_path: Path, column: str, before: str, end: str, whole: bool
) -> None:
    """Where it ends with a line break, it is."""
    header = [*(name for name in HEADER if name != column), column]
    values = dict(zip(HEADER, ROW, strict=True))
    lines = [",".join(header)]
    lines += [",".join([*(values[name] for name in header[:-1]), last]) for last in (before, end)]
    path = tmp_path / "t.csv"
    for text, faults in (("\n".join(lines), [] if whole else ["cut_cell"]), ("\n".join([*lines, ""]), [])):
        path.write_text(text)
        errors = [e.fault for row in rows_of(path, Mapping(), REQUIRED, COLUMNS) for e in row.errors]
        assert errors == faults


@pytest.mark.parametrize("cut", ["500.0", "500.", "50", "5"])
def test_a_file_cut_inside_its_last_amount_is_an_error(tmp_path: Path, cut: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "\n".join([",".join(HEADER), ",".join(ROW), ",".join((*ROW[:4], "2", "2026-12-30", cut))])
    )
    (last,) = [row for row in rows_of(path, Mapping(), REQUIRED, COLUMNS) if row.errors]
    assert last.errors[0].column == "amount_due"


def test_a_total_that_is_not_the_sum_of_its_rows_is_refused(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", ",".join(HEADER), ",".join(ROW), "TOTAL,,,,,,500.00")
    assert len(read(good)) == 1
    bad = write(tmp_path / "bad.csv", ",".join(HEADER), ",".join(ROW), "Total general,,,,,,900.00")
    with pytest.raises(NotATable, match="not whole"):
        read(bad)


@pytest.mark.parametrize(
    "line", ["Total de registros: {},,,,,,", "No. de registros,{},,,,,", "TOTAL,{} filas,,,,,"]
)
def test_a_count_that_is_not_that_of_its_rows_is_refused(tmp_path: Path, line: str) -> None:
    rows = ",".join(HEADER), ",".join(ROW)
    assert len(read(write(tmp_path / "good.csv", *rows, line.format(1)))) == 1
    with pytest.raises(NotATable, match="counts 2 rows"):
        read(write(tmp_path / "bad.csv", *rows, line.format(2)))


def test_columns_that_are_misspelt_or_missing_are_named_with_the_nearest(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", ",".join((*HEADER, "amount_payd")), ",".join((*ROW, "500.00")))
    with pytest.raises(NotATable, match="did you mean amount_paid"):
        read(path)
    assert read(path, Mapping(formats=Formats(ignore=("amount_payd",))))[0]["loan_id"] == "L1"
    for name in ("Abonado", "Monto pagado", "paid_amount", "Pago acumulado", "Capital pagado"):
        with pytest.raises(NotATable, match="did you mean amount_paid"):
            read(write(tmp_path / "p.csv", ",".join((*HEADER, name)), ",".join((*ROW, "500.00"))))
    with pytest.raises(NotATable, match=r"amount_paid = 'Pagado' is no column .* 'pagados'"):
        read(
            write(tmp_path / "u.csv", ",".join((*HEADER, "pagados")), ",".join((*ROW, "1"))),
            Mapping({"amount_paid": "Pagado"}),
        )


@pytest.mark.parametrize(
    "written",
    [
        str.upper,
        str.title,
        lambda name: name.replace("_", "-"),
        lambda name: name.title().replace("_", ""),
        lambda name: name.replace("_", " "),
    ],
)
def test_our_own_names_are_known_however_a_system_writes_them(
    tmp_path: Path, written: Callable[[str], str]
) -> None:
    path = write(tmp_path / "t.csv", ",".join(map(written, HEADER)), ",".join(ROW))
    assert read(path)[0]["loan_id"] == "L1"


def test_a_column_named_like_ours_yields_to_the_one_that_is_mapped_and_may_be_left_out(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path / "t.csv",
        ",".join((*HEADER, "Celular", "AMOUNT PAID")),
        ",".join((*ROW, "5599990001", "500.00")),
    )
    mapping = Mapping({"phone": "Celular"}, Formats(ignore=("AMOUNT PAID",)))
    assert read(path, mapping)[0]["phone"] == "5599990001"
    assert "amount_paid" not in read(path, mapping)[0]
    twice = write(tmp_path / "u.csv", ",".join((*HEADER, "PHONE")), ",".join((*ROW, "5599990001")))
    with pytest.raises(NotATable, match="phone twice"):
        read(twice)


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "is empty"),
        ((",".join(HEADER) + "\n" + ",".join(ROW).replace(ROW[2], '"' + ROW[2])).encode(), "line 2: a quote"),
        (b"%PDF-1.4\nstream", "is no text"),
        (b"MZ\x90\x00\x03" + bytes(range(256)), "is no text"),
        (",".join(ROW).encode(), "begins with a row"),
        (b"#,Nombre,Saldo\n1,Ana,20\n", "the header lacks .*; it has #, Nombre, Saldo"),
    ],
)
def test_a_file_that_is_no_tape_is_told_why(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    with pytest.raises(NotATable, match=fault) as caught:
        read(path)
    assert ROW[2] not in str(caught.value)


def test_titles_blank_lines_and_repeated_headers_are_left_out(tmp_path: Path) -> None:
    header, row = ",".join(HEADER), ",".join(ROW)
    path = write(
        tmp_path / "t.csv", "Financiera,,,", "", header, row, ",,,,,,", header, row.replace(",1,", ",2,")
    )
    assert [cells["instalment_no"] for cells in read(path)] == ["1", "2"]
    layout = layout_of(path, Mapping(), REQUIRED, COLUMNS)
    assert (layout.header_line, tuple(layout.used), layout.ignored) == (3, HEADER, [])


def test_a_header_of_merged_cells_under_a_title_is_read(tmp_path: Path) -> None:
    """What is merged downwards stands in the upper row, groups of columns above their names."""
    title = "Cartera vencida al corte,,,,,,"
    upper = "loan_id,Cliente,,,Pago,,amount_due"
    lower = ",borrower_id,borrower_name,phone,instalment_no,due_date,"
    path = write(tmp_path / "t.csv", "", title, upper, lower, ",".join(ROW))
    (cells,) = read(path)
    assert (cells["loan_id"], cells["amount_due"]) == ("L1", "500.00")
    assert read(path, Mapping(formats=Formats(header_row=4))) == [cells]
    theirs = lower.replace("borrower_id", "No. cliente"), upper.replace("loan_id", "Crédito")
    path = write(tmp_path / "u.csv", "", title, theirs[1], theirs[0], ",".join(ROW))
    with pytest.raises(NotATable, match=r"lacks loan_id, borrower_id; it has Crédito, No\. cliente"):
        read(path)
    found = suggest(path, REQUIRED, COLUMNS)
    assert (found.columns["loan_id"], found.formats["header_row"]) == ("Crédito", 4)
    foreign = write(tmp_path / "f.csv", "", title, "A,,Datos,", ",Uno,Dos,Tres", "L1,B1,Ana López,1")
    with pytest.raises(NotATable, match="it has A, Uno, Dos, Tres") as caught:
        read(foreign)
    assert "Ana" not in str(caught.value)


def test_faults_of_a_mapping_are_named_by_line(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nloan = "x"\n[formats]\ndate = "dd/mm/yyyy"\n[extra]\n', encoding="utf-8")
    with pytest.raises(InvalidMapping) as caught:
        read_mapping(path, COLUMNS)
    assert "line 2: there is no column loan: did you mean loan_id?" in caught.value.faults
    assert any(
        fault.startswith("line 4: there is no date: did you mean dates?") for fault in caught.value.faults
    )
    assert any("no table [extra]" in fault for fault in caught.value.faults)


def test_one_row_per_loan_is_what_is_overdue_what_comes_next_and_the_rest() -> None:
    from bot.portfolio.dialect import DialectRow

    cells = {
        "loan_id": "L",
        "balance": "3858.54",
        "overdue_amount": "1286.18",
        "days_past_due": "12",
        "due_date": "2027-01-15",
        "amount_due": "1286.18",
        "as_of": "2027-01-11",
    }
    rows = [row.cells for row in instalments_of(DialectRow(2, cells))]
    assert [(r["instalment_no"], r["due_date"], r["amount_due"]) for r in rows] == [
        ("1", "2026-12-30", "1286.18"),
        ("2", "2027-01-15", "1286.18"),
        ("3", "2027-02-14", "1286.18"),
    ]
    (bad,) = instalments_of(DialectRow(2, cells | {"days_past_due": ""}))
    assert bad.errors[0].column == "days_past_due"
    (bad,) = instalments_of(DialectRow(2, cells | {"overdue_amount": ""}))
    assert (bad.errors[0].column, bad.errors[0].fault) == ("overdue_amount", "overdue_needed")


def test_a_balance_is_what_is_owed_whatever_was_paid(tmp_path: Path) -> None:
    """The shape of one row per loan has no place for what was paid, or for components."""
    path = write(
        tmp_path / "t.csv",
        "Crédito,Cliente,Nombre,Teléfono,Saldo,Abonado,Capital,Días mora,Fecha próximo pago,Monto,Corte",
        "L1,B1,Ana López,5512345678,900.00,200.00,900.00,0,2027-01-15,500.00,2027-01-10",
        "L2,B2,Eva López,5512345679,700.00,100.00,700.00,0,2027-01-15,500.00,2027-01-10",
    )
    found = suggest(path, REQUIRED, COLUMNS)
    mapping = tmp_path / "m.toml"
    mapping.write_text(found.toml(), encoding="utf-8")
    owed = [row.cells["amount_due"] for row in tape_rows(path, mapping, None)]
    assert (found.formats["shape"], owed) == ("loans", ["500.00", "400.00", "500.00", "200.00"])
    paid = found.toml().replace("[columns]", '[columns]\namount_paid = "Abonado"', 1)
    mapping.write_text(paid, encoding="utf-8")
    with pytest.raises(InvalidMapping, match="amount_paid has no place"):
        list(tape_rows(path, mapping, None))


def test_an_error_without_words_cannot_be_made_and_both_languages_have_all_of_them() -> None:
    with pytest.raises(UnknownFault):
        RowError(1, "phone", "odd")
    english, spanish = (
        {key for _, key in Wording.load().keys(locale) if key.startswith("tape.")}
        for locale in ("en", "es_MX")
    )
    assert english == spanish
