"""Workbooks: what a cell shows is what is read, and a hostile one is refused without being unfolded."""

from pathlib import Path

import pytest

from bot.portfolio.dialect import Formats, NotATable
from bot.portfolio.dialect.table import read_table
from tests.workbooks import DAY, NUMBER, SPANISH_DAY, write_workbook

STRINGS = "<si><t>Crédito</t></si><si><r><t>Ana </t></r><r><t>López</t></r><rPh><t>x</t></rPh></si>"
CELLS = {
    '<c t="s"><v>0</v></c>': "Crédito",
    '<c t="s"><v>1</v></c>': "Ana López",
    '<c t="inlineStr"><is><t>a &amp; b</t></is></c>': "a & b",
    '<c t="str"><f>A1</f><v>L-1</v></c>': "L-1",
    "<c><f>SUM(B2:B9)</f><v></v></c>": "#CALC!",
    "<c><f>SUM(B2:B9)</f></c>": "#CALC!",
    '<c t="str"><f>IF(1,"")</f><v></v></c>': "",
    "<c><v>5512340417</v></c>": "5512340417",
    "<c><v>1174.58</v></c>": "1174.58",
    "<c><v>1174.5799999999999</v></c>": "1174.58",
    "<c><v>6.4618011040000002E17</v></c>": "6.46180E+17",
    f'<c s="{SPANISH_DAY}"><v>46371</v></c>': "2026-12-15",
    f'<c s="{DAY}"><v>46371.5</v></c>': "2026-12-15 12:00:00",
    f'<c s="{NUMBER}"><v>12</v></c>': "12",
    '<c t="e"><v>#N/A</v></c>': "#N/A",
    '<c t="b"><v>1</v></c>': "TRUE",
    '<c t="s"><v>99</v></c>': "",
}


def test_each_kind_of_cell(tmp_path: Path) -> None:
    path = write_workbook(tmp_path / "t.xlsx", {"Hoja1": f"<row>{''.join(CELLS)}</row>"}, STRINGS)
    assert list(read_table(path, Formats())) == [(1, list(CELLS.values()))]


def test_rows_and_cells_stand_where_they_say(tmp_path: Path) -> None:
    """Blank rows are not there, blank cells are; a row is as wide as the widest before."""
    rows = (
        '<row r="3"><c r="A3"><v>1</v></c><c r="C3"><v>2</v></c></row><row r="4"></row>'
        '<row r="7"><c r="B7"><v>3</v></c></row>'
    )
    path = write_workbook(
        tmp_path / "t.xlsx", {"vacía": "", "Cartera": rows, "otra": "<row><c><v>1</v></c></row>"}
    )
    assert list(read_table(path, Formats())) == [(3, ["1", "", "2"]), (7, ["", "3", ""])]
    two = write_workbook(tmp_path / "u.xlsx", {"uno": rows, "dos": rows})
    with pytest.raises(NotATable, match=r'2 sheets with rows.*sheet = "uno"'):
        list(read_table(two, Formats()))
    assert len(list(read_table(two, Formats(sheet="dos")))) == 2
    with pytest.raises(NotATable, match="no sheet 'tres': it has uno, dos"):
        list(read_table(two, Formats(sheet="tres")))


def test_the_farthest_cell_makes_no_grid_and_no_entity_is_unfolded(tmp_path: Path) -> None:
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    rows = list(read_table(write_workbook(tmp_path / "t.xlsx", {"a": far}), Formats()))
    assert [(number, len(cells)) for number, cells in rows] == [(1, 1), (1_048_576, 16_384)]
    for bad in ('<row><c r="XFE1"><v>1</v></c></row>', "<row><c><v>uno</v></c></row>", "<row>", "</row>"):
        with pytest.raises(NotATable):
            list(read_table(write_workbook(tmp_path / "b.xlsx", {"a": bad}), Formats()))
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = write_workbook(tmp_path / "c.xlsx", {"a": "<row><c><v>&b;</v></c></row>"}, prolog=bomb)
    with pytest.raises(NotATable, match="document type"):
        list(read_table(path, Formats()))
