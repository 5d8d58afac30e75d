"""What a returned charge calls for, by table: (provider, code, and where that is not enough the provider's
words).
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from values import fold

Kind = Literal[
    "no_account",
    "blocked",
    "closed",
    "nsf",
    "currency",
    "wrong_bank",
    "duplicate",
    "stop_payment",
    "over_limit",
    "mandate_cancelled",
    "not_authorised",
    "disputed",
    "format",
    "out_of_hours",
    "technical",
    "unknown",
]
Action = Literal[
    "retry_payday", "resend_next_day", "new_account", "stop_contact", "dispute", "reconcile", "human"
]

_TABLE = Path(__file__).parent / "returns.toml"


@dataclass(frozen=True, slots=True)
class Return:
    kind: Kind
    action: Action

    @property
    def ends_mandate(self) -> bool:
        """Whether the bank says that there is no mandate any more: charging again takes a new consent."""
        return self.kind == "mandate_cancelled"


UNKNOWN = Return("unknown", "human")


def meaning_of(provider: str, code: str, text: str = "") -> Return:
    """`code` as the provider wrote it (`4` is `04`), `text` its own words. What nobody listed goes to a
    person.
    """
    table = _tables().get(provider)
    if table is None:
        return UNKNOWN
    code, words = normal_code(code), _plain(text)
    for line in table.texts:
        if line.words in words and (code in line.codes if line.codes else code not in table.codes):
            return line.meaning
    return table.codes.get(code, UNKNOWN)


def has_table(provider: str) -> bool:
    """Whether its codes are listed: without a table each return is a person's task."""
    return provider in _tables()


def normal_code(code: str) -> str:
    """Two digits where it is a number."""
    code = code.strip()
    return f"{int(code):02d}" if code.isascii() and code.isdecimal() else code


def _plain(text: str) -> str:
    """Lower case, no accents, single spaces."""
    return " ".join(fold(text).split())


@dataclass(frozen=True, slots=True)
class _Line:
    words: str
    codes: frozenset[str]
    meaning: Return


@dataclass(frozen=True, slots=True)
class _Table:
    codes: dict[str, Return]
    texts: tuple[_Line, ...]


@lru_cache(maxsize=1)
def _tables() -> dict[str, _Table]:
    data = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    same = data.pop("same_as")
    tables = {provider: _table(given) for provider, given in data.items()}
    return tables | {name: tables[other] for name, other in same.items()}


def _table(given: dict[str, Any]) -> _Table:
    texts = tuple(
        _Line(_plain(line["words"]), frozenset(line.get("codes", ())), _return(line["meaning"]))
        for line in given["texts"]
    )
    return _Table({code: _return(meaning) for code, meaning in given["codes"].items()}, texts)


def _return(meaning: list[str]) -> Return:
    kind, action = meaning
    assert kind in get_args(Kind), f"returns.toml names a kind that nobody knows: {kind}"
    assert action in get_args(Action), f"returns.toml calls for an action that nobody takes: {action}"
    return Return(cast("Kind", kind), cast("Action", action))
