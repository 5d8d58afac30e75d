"""Banks by the first three digits of a CLABE, with the names that people use."""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from values.clabe import Clabe

_DATA = Path(__file__).parent / "data" / "banks.toml"


@dataclass(frozen=True, slots=True)
class Bank:
    code: str
    name: str
    rail: Literal["bank", "spei_only"]
    """Whether direct debits reach it as a rule; the provider's own list decides."""
    also: tuple[str, ...] = ()
    """What people call it besides."""


@lru_cache(maxsize=1)
def banks() -> dict[str, Bank]:
    data = tomllib.loads(_DATA.read_text(encoding="utf-8"))
    return {
        code: Bank(code, name, rail, tuple(data["also"].get(code, ())))
        for rail in ("bank", "spei_only")
        for code, name in data[rail].items()
    }


def bank_of(clabe: Clabe) -> Bank | None:
    """Null for a code that nobody lists yet: the control digit decides what is a CLABE, not this list."""
    return banks().get(clabe.bank_code)


def bank_name(code: str) -> str | None:
    bank = banks().get(code)
    return bank.name if bank else None
