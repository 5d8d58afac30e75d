"""Rows of a CSV by our own column names, and the bad ones as a CSV."""

import csv
import io
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bot.portfolio.tape import RowError


class NotATape(ValueError):
    """The file cannot be read as a tape, or as a payments file, at all."""


def rows_of(
    path: Path, mapping: Path | None, required: Sequence[str], columns: Sequence[str]
) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    """`(line, cells)` by our column names. Raises NotATape for what is no CSV in UTF-8 with the required
    header.
    """
    names = _mapping(mapping, columns)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            header = [names.get(name.strip(), name.strip()) for name in reader.fieldnames or ()]
            if missing := [name for name in required if name not in header]:
                message = (
                    f"{path.name}: the header lacks {', '.join(missing)}; it has "
                    f"{', '.join(header)[:200] or 'nothing'}. A --mapping file can rename "
                    "columns"
                )
                raise NotATape(message)
            if twice := sorted({name for name in header if name in columns and header.count(name) > 1}):
                message = f"{path.name}: the header has {', '.join(twice)} twice"
                raise NotATape(message)
            reader.fieldnames = header
            for cells in reader:
                yield reader.line_num, cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        message = f"{path.name} cannot be read as a CSV in UTF-8: {error}"
        raise NotATape(message) from None


def _mapping(path: Path | None, known: Sequence[str]) -> dict[str, str]:
    """The lender's column names → ours, from `[columns]` of a TOML file: ours = theirs."""
    if path is None:
        return {}
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8"))["columns"]
        names = {str(theirs): str(ours) for ours, theirs in columns.items()}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, AttributeError) as error:
        message = (
            f"{path.name} is no mapping: it needs a table [columns] with lines such as loan_id "
            f'= "credito" ({error})'
        )
        raise NotATape(message) from None
    if unknown := [name for name in names.values() if name not in known]:
        message = f"{path.name}: there is no column {', '.join(unknown)}"
        raise NotATape(message)
    return names


def errors_csv(errors: Sequence[RowError]) -> str:
    """The bad rows as a CSV of line, column and reason."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("line", "column", "reason"))
    writer.writerows((error.line, error.column, error.reason) for error in errors)
    return out.getvalue()
