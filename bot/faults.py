"""What is wrong with a text that people edit: policy, topics, wording, strategies."""

import re
import tomllib
from collections.abc import Collection, Mapping, Sequence
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, Self, get_args

from babel.messages.pofile import read_po
from pydantic_core import ErrorDetails
from pydantic_core.core_schema import ErrorType

import locales
from bot.toml_lines import line_of

_ENGLISH = Path(locales.__file__).parent / "en" / "LC_MESSAGES" / "faults.po"
_OF_PYDANTIC = frozenset(get_args(ErrorType))
_MUCH_ALIKE = 0.75
_PLACE = re.compile(r"at line (\d+), column (\d+)")


class Fault(str):
    """In English, as commands and logs show it. Its words in the console are `faults.<code>` with `params`,
    after the line and the place.
    """

    __slots__ = ("code", "line", "params", "what", "where")
    code: str
    what: str
    where: str
    line: int | None
    params: dict[str, str]

    def __new__(
        cls, code: str, what: str, *, where: str = "", line: int | None = None, **params: object
    ) -> Self:
        made = super().__new__(
            cls, ": ".join([*([f"line {line}"] if line else []), *filter(None, [where]), what])
        )
        made.code, made.what, made.where, made.line = code, what, where, line
        made.params = {"found": what} | {name: str(value) for name, value in params.items()}
        return made

    @classmethod
    def worded(cls, code: str, *, where: str = "", **params: object) -> Self:
        """With the English words of `faults.po`."""
        made = cls(code, _english()[f"faults.{code}"].format(**params), where=where)
        made.params |= {name: str(value) for name, value in params.items()}
        return made

    def to_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in ("code", "what", "where", "line", "params")}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        made = cls(kept["code"], kept["what"], where=kept["where"], line=kept["line"])
        made.params = dict(kept["params"])
        return made

    def at(self, where: str, line: int | None = None) -> Self:
        """The same, in this place."""
        return self.__class__(self.code, self.what, where=where, line=line, **self.params)


def fault_in(text: str, error: ErrorDetails, names: Collection[str] = ()) -> Fault:
    """One that pydantic found in a TOML text, with the line it stands in; `at` in its context is the way from
    where it was found to what it is about. Of an unknown name it says which of `names` is much like it.
    """
    given = {name: value for name, value in error.get("ctx", {}).items() if name != "error"}
    if "expected" in given:  # pydantic's list, in English: 'a', 'b' or 'c'
        given["expected"] = given["expected"].replace(" or ", ", ")
    loc = (*error["loc"], *given.pop("at", ()))
    where = place_in(text, loc) or "the file"
    code, what = error["type"], error["msg"].removeprefix("Value error, ")
    near = (
        get_close_matches(str(error["loc"][-1]), names, 1, _MUCH_ALIKE) if code == "extra_forbidden" else []
    )
    if near:
        return Fault.worded("unknown_near", near=near[0]).at(where, line_of(text, loc))
    if code in ("tuple_type", "list_type") and isinstance(error["input"], dict):
        code, given = "tables_type", {"name": where}
    if (code in _OF_PYDANTIC or code == "tables_type") and (plain := _english().get(f"faults.{code}")):
        what = plain.format(**given)  # pydantic's own speak of tuples and literals
    return Fault(code, what, where=where, line=line_of(text, loc), **given)


def place_in(text: str, path: Sequence[str | int]) -> str:
    """As people name it: what stands in a list by its own name, or counted from 1."""
    here: Any = tomllib.loads(text)
    names = []
    for part in path:
        known = _within(here, part)
        own = known.get("name") if isinstance(part, int) and isinstance(known, dict) else None
        names.append(own if isinstance(own, str) else str(part + 1 if isinstance(part, int) else part))
        here = known
    return ".".join(names)


def _within(here: Any, part: str | int) -> Any:
    """Null where nothing stands: pydantic's ways hold names of its own too."""
    try:
        return here[part]
    except (KeyError, IndexError, TypeError):
        return None


@cache
def _english() -> Mapping[str, str]:
    with _ENGLISH.open("rb") as file:
        return {str(each.id): str(each.string) for each in read_po(file) if each.id}


_NOT_TOML = {
    "toml_quotes": re.compile(r"[“”„«»]"),
    "toml_quote_open": re.compile(r'^[^"]*"(?:[^"]*"[^"]*")*[^"]*$'),
    "toml_true": re.compile(r"=\s*(?:true|false|s[ií]|yes|no)\b", re.IGNORECASE),
    "toml_day": re.compile(r"=\s*\d{1,2}[/-]\d{1,2}[/-]\d{2,4}\b"),
    "toml_word": re.compile(r"=\s*\[?\s*[^\W\d]"),
    "toml_equals": re.compile(r"^\s*[\w-]+[^=]*$"),
}
"""What people write that is no TOML, in the line at which the reader stops."""
_TWICE = re.compile(r"Cannot (?:overwrite|declare)")


def not_toml(text: str, error: tomllib.TOMLDecodeError) -> Fault:
    place = _PLACE.search(str(error))
    lines = text.rstrip().splitlines() or [""]
    line, column = map(int, place.groups()) if place else (len(lines), len(lines[-1]) + 1)
    here = lines[line - 1] if line <= len(lines) else ""
    if code := _why_not(here, str(error)):
        return Fault.worded(code).at("", line)
    found = str(error).replace("at end of document", f"at line {line}, column {column}")
    return Fault("toml", found, at_line=line, column=column)


def _why_not(line: str, error: str) -> str | None:
    if _TWICE.match(error):
        return "toml_twice"
    return next((code for code, form in _NOT_TOML.items() if form.search(line)), None)
