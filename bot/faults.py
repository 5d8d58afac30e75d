"""What is wrong with a text that people edit: policy, topics, wording, strategies."""

import re
import tomllib
from typing import Self

from pydantic_core import ErrorDetails

from bot.toml_lines import line_of

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

    def at(self, where: str, line: int | None = None) -> Self:
        """The same, in this place."""
        return self.__class__(self.code, self.what, where=where, line=line, **self.params)


def fault_in(text: str, error: ErrorDetails) -> Fault:
    """One that pydantic found in a TOML text, with the line it stands in."""
    what = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        what = "is not known: check its spelling"
    given = {name: value for name, value in error.get("ctx", {}).items() if name != "error"}
    if "expected" in given:  # pydantic's list, in English: 'a', 'b' or 'c'
        given["expected"] = given["expected"].replace(" or ", ", ")
    where = ".".join(map(str, error["loc"])) or "the file"
    return Fault(error["type"], what, where=where, line=line_of(text, error["loc"]), **given)


def not_toml(error: tomllib.TOMLDecodeError) -> Fault:
    place = _PLACE.search(str(error))
    line, column = place.groups() if place else ("–", "–")
    return Fault("toml", str(error), at_line=line, column=column)
