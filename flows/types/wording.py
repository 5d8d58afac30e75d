"""Wording keys, declared at the top of the module that uses them: importing a module finds all that it asks
for, so that a key without words is named before anybody meets it.
"""

import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, TypeVar


class LateKey(RuntimeError):
    """A key is declared inside a function, where importing the module does not find it."""

    def __init__(self, text: str) -> None:
        super().__init__(f"declare the wording key {text} at the top level of its module")


class Key(str):
    """A line of a message."""

    __slots__ = ()


class Title(Key):
    """A button's title, which must fit one."""

    __slots__ = ()


_KeyT = TypeVar("_KeyT", bound=Key)

Line = tuple[str, Mapping[str, Any]]
"""A wording key and its params: str, int, Money, date or datetime."""

_declared: dict[str, Key] = {}
DECLARED: Mapping[str, Key] = MappingProxyType(_declared)
"""Every key that some module asks for, by its text."""


def key(text: str) -> Key:
    """Declares a line. Raises LateKey."""
    return _declare(Key(text))


def title(text: str) -> Title:
    """Declares a button's title. Raises LateKey."""
    return _declare(Title(text))


def _declare(found: _KeyT) -> _KeyT:
    caller = sys._getframe(2)  # noqa: SLF001  a key must be declared while its module is imported
    if caller.f_locals is not caller.f_globals:
        raise LateKey(found)
    _declared[found] = found
    return found


def line(key: Key, /, **params: Any) -> Line:
    """A line of a message; words stand in `locales/` alone."""
    return key, params
