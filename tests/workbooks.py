"""Workbooks as spreadsheets write them, by hand."""

import zipfile
from pathlib import Path

_SHEET = '<worksheet xmlns="urn:s"><sheetData>{}</sheetData></worksheet>'
_STYLES = (
    '<styleSheet xmlns="urn:s"><numFmts><numFmt numFmtId="170" formatCode="[$-80A]dd/mm/yyyy"/>'
    '<numFmt numFmtId="171" formatCode="&quot;días&quot; 0.00"/></numFmts><cellXfs><xf numFmtId="0"/>'
    '<xf numFmtId="170"/><xf numFmtId="14"/><xf numFmtId="171"/></cellXfs></styleSheet>'
)
PLAIN, SPANISH_DAY, DAY, NUMBER = range(4)
"""Styles of cells."""


def write_workbook(path: Path, sheets: dict[str, str], strings: str = "", prolog: str = "") -> Path:
    """`sheets`: the XML of the rows by name; `strings`: of the shared texts; `prolog`: before each sheet."""
    names = "".join(
        f'<sheet name="{name}" sheetId="{place}" r:id="r{place}"/>' for place, name in enumerate(sheets)
    )
    links = "".join(
        f'<Relationship Id="r{place}" Target="worksheets/s{place}.xml"/>' for place in range(len(sheets))
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "xl/workbook.xml", f'<workbook xmlns="urn:s" xmlns:r="urn:r"><sheets>{names}</sheets></workbook>'
        )
        archive.writestr("xl/_rels/workbook.xml.rels", f"<Relationships>{links}</Relationships>")
        archive.writestr("xl/styles.xml", _STYLES)
        archive.writestr("xl/sharedStrings.xml", f'<sst xmlns="urn:s">{strings}</sst>')
        for place, rows in enumerate(sheets.values()):
            archive.writestr(f"xl/worksheets/s{place}.xml", prolog + _SHEET.format(rows))
    return path
