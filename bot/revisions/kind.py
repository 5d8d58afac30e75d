"""What one kind of governed text declares of itself; each has a file next to this one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.services import Services
from flows.offers.arithmetic import Allowed


@dataclass(frozen=True, slots=True)
class Version:
    """`number` 0 is what is shipped, or the lender's own file."""

    number: int
    body: str
    by: str = ""
    why: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """What a change does to one thing: as it is, and as it would be."""

    about: str
    now: str | tuple[Allowed, ...]
    then: str | tuple[Allowed, ...]
    kind: str = ""
    """What it tells beyond a count: `cost` in US dollars, an `example` as it would read."""


@dataclass(frozen=True, slots=True)
class Approved:
    """What is put in force, by whom."""

    name: str
    body: str
    by: str
    why: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Kind:
    name: str
    names: Callable[[Connection], Sequence[str]]
    """Of the texts of this kind that are in force."""
    versions: Callable[[Connection, Services, str], Sequence[Version]]
    """The newest, which is in force, first; none of a name that is new."""
    faults: Callable[[Services, str, str], Sequence[str]]
    """Of a name and a text: each with its line."""
    preview: Callable[[Services, str, str], Sequence[Line]]
    """Of a name and a text without faults."""
    slow_preview: Callable[[Services, str, str], Sequence[Line]] | None = None
    """What takes seconds to find out: shown once it is known. Raises NotTried."""
    put_in_force: Callable[[Connection, Approved], int] | None = None
    """Where being approved is not all there is to it: its version."""
