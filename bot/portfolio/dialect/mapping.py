"""The lender's own names and forms, as a TOML file says them: `[columns]`, `[formats]`, `[constants]`."""

import codecs
import tomllib
from collections.abc import Collection
from collections.abc import Mapping as MappingType
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError

from bot.faults import Fault, fault_in, not_toml
from bot.portfolio.dialect.invalid import InvalidMapping
from values import NameOrder

NULLS = ("", "null", "n/a", "na", "-", "--", "s/d", "sin dato", "none", "nan", "#n/d", "#n/a", "00/00/0000")
"""What an empty cell is written as, folded; a mapping's own `nulls` stand in addition."""


class Formats(BaseModel):
    """How the file writes what it says. What is null is recognised from the file where it is unmistakable."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    dates: Literal["yyyy-mm-dd", "dd/mm/yyyy", "mm/dd/yyyy", "dd-mmm-yy", "yyyymmdd"] | None = None
    decimal: Literal[".", ","] | None = None
    encoding: str | None = None
    delimiter: Literal[",", ";", "\t", "|"] | None = None
    header_row: int | None = Field(default=None, ge=1, le=200)
    """Line of the header, from 1."""
    sheet: str | None = None
    names: NameOrder = "given first"
    nulls: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Columns of theirs that are left out although they resemble one of ours."""
    shape: Literal["instalments", "loans"] = "instalments"

    @field_validator("encoding")
    @classmethod
    def known_encoding(cls, name: str | None) -> str | None:
        if name is None:
            return None
        try:
            return codecs.lookup(name).name
        except LookupError:
            raise PydanticCustomError(
                "encoding", "'{name}' is no encoding: write utf-8, utf-16 or windows-1252", {"name": name}
            ) from None


@dataclass(frozen=True, slots=True)
class Mapping:
    columns: MappingType[str, str] = field(default_factory=dict)
    """Ours → theirs."""
    formats: Formats = field(default_factory=Formats)
    constants: MappingType[str, str] = field(default_factory=dict)
    """Ours → the value of every row."""
    overriding: MappingType[str, str] = field(default_factory=dict)
    """The same, given for this load: it stands in the place of a column of the file."""


def read_mapping(path: Path | None, known: Collection[str]) -> Mapping:
    """Null: the file has our own column names. `known`: the columns that there are. Raises InvalidMapping."""
    if path is None:
        return Mapping()
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidMapping(path, [not_toml(text, error)]) from None
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidMapping(path, [Fault("no_utf8", f"is no text in UTF-8 ({error})")]) from None
    faults = [
        Fault(
            "mapping_table",
            f"there is no table [{name}]: use [columns], [formats], [constants]",
            line=_line(text, name),
            name=name,
        )
        for name in tables
        if name not in ("columns", "formats", "constants")
    ]
    columns = _names(tables.get("columns", {}), "columns", known, text, faults)
    constants = _names(tables.get("constants", {}), "constants", known, text, faults)
    faults += [
        Fault(
            "column_and_constant",
            f"{name} stands in [columns] and in [constants]: keep one of them",
            line=_line(text, name),
            both=name,
        )
        for name in columns.keys() & constants.keys()
    ]
    theirs = list(columns.values())
    faults += [
        Fault("mapped_twice", f"{column!r} is mapped twice", line=_line(text, name), column=column)
        for name, column in columns.items()
        if theirs.count(column) > 1
    ]
    formats = _formats(tables.get("formats", {}), text, faults)
    if faults:
        raise InvalidMapping(path, faults)
    return Mapping(columns, formats, constants)


def _names(table: Any, title: str, known: Collection[str], text: str, faults: list[Fault]) -> dict[str, str]:
    if not isinstance(table, dict):
        what = f'[{title}] is no table: write lines such as loan_id = "Crédito"'
        faults.append(Fault("mapping_no_table", what, name=title))
        return {}
    named: dict[str, str] = {}
    for name, value in table.items():
        if name not in known:
            faults.append(_unknown(f"there is no column {name}", name, known, _line(text, name)))
        elif isinstance(value, (dict, list, bool)):
            line = _line(text, name)
            faults.append(Fault("mapping_text", f"{name} wants a text", line=line, name=name))
        else:
            named[name] = str(value).strip()
    return named


def _unknown(what: str, name: str, known: Collection[str], line: int) -> Fault:
    near = get_close_matches(name, known, 1)
    if not near:
        return Fault("mapping_unknown", what, line=line, name=name)
    return Fault("mapping_near", f"{what}: did you mean {near[0]}?", line=line, name=name, near=near[0])


def _formats(table: Any, text: str, faults: list[Fault]) -> Formats:
    try:
        return Formats.model_validate(table)
    except ValidationError as error:
        for found in error.errors():
            name = str(found["loc"][0]) if found["loc"] else "[formats]"
            line = _line(text, name)
            if found["type"] == "extra_forbidden":
                faults.append(_unknown(f"there is no {name}", name, Formats.model_fields, line))
            else:
                faults.append(fault_in(text, found).at(name, line))
        return Formats()


def _line(text: str, name: str) -> int:
    """Where a name stands in the file, as near as its text shows; 1 where it does not."""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().lstrip("[").startswith((name, f'"{name}"', f"'{name}'")):
            return number
    return 1
