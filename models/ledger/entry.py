"""What is to be written, and how an entry is bound to the one before it."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import orjson

from models.trace import current_trace


class UnbalancedEntry(ValueError):
    """The legs of an entry do not sum to zero."""

    def __init__(self, kind: str, difference: int) -> None:
        super().__init__(
            f"the postings of {kind} are {difference} centavos off zero: money comes from somewhere "
            "and goes somewhere"
        )


@dataclass(frozen=True, slots=True)
class Leg:
    """`account` such as `receivable:3:principal`, `bank`, `unapplied`, `funding`, `adjustments`; centavos,
    debits positive.
    """

    account: str
    centavos: int


@dataclass(frozen=True, slots=True)
class NewEntry:
    """A fact to be written. `key`, where given, makes writing it twice harmless."""

    kind: str
    data: Mapping[str, Any]
    actor: str
    legs: Sequence[Leg] = field(default=())
    key: str | None = None
    reverses: int | None = None
    trace: str | None = field(default_factory=current_trace)

    def __post_init__(self) -> None:
        if difference := sum(leg.centavos for leg in self.legs):
            raise UnbalancedEntry(self.kind, difference)


def chained(previous: str, loan: str, seq: int, entry: NewEntry, at: datetime) -> str:
    """SHA-256 over the canonical JSON of the entry and the hash before it: 64 hex digits."""
    return chain_hash(
        previous,
        loan,
        seq,
        entry.kind,
        at,
        entry.actor,
        entry.data,
        [(leg.account, leg.centavos) for leg in entry.legs],
        entry.key,
        entry.reverses,
    )


def chain_hash(
    previous: str,
    loan: str,
    seq: int,
    kind: str,
    at: datetime,
    actor: str,
    data: Mapping[str, Any],
    legs: Sequence[tuple[str, int]],
    key: str | None,
    reverses: int | None,
) -> str:
    """As `chained`, from the stored columns. Times count to the millisecond, which both databases keep."""
    canonical = {
        "previous": previous,
        "loan": loan,
        "seq": seq,
        "kind": kind,
        "at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "actor": actor,
        "data": data,
        "postings": [list(leg) for leg in legs],
        "key": key,
        "reverses": reverses,
    }
    return hashlib.sha256(_canonical(canonical)).hexdigest()


def _canonical(content: Mapping[str, Any]) -> bytes:
    """Keys in order, no spaces, what is not ASCII escaped: mostly nothing is, and then orjson writes the same
    several times faster.
    """
    text = orjson.dumps(content, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME)
    if text.isascii() and b"\x7f" not in text:
        return text
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
