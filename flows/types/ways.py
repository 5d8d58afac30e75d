"""The ways to pay that the lender's file names, and the one that a message names."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from flows.answers import plain
from values import Money

By = Literal["spei", "transfer", "cash", "store", "own", "no"]
"""`spei`: the transfer itself; `transfer`: a bank or app that it is sent from; `store`: with the loan's cash
reference; `cash`: at any such store; `own`: as the lender's own words say; `no`: it is not taken.
"""


@dataclass(frozen=True, slots=True)
class Way:
    """`words`: as borrowers write it, besides its name. `listed`: the lender's file names it."""

    name: str
    by: By
    words: tuple[str, ...]
    fee: Money | None = None
    """What the store charges for each payment, next to it."""
    most: Money | None = None
    """Of one payment."""
    listed: bool = False

    @property
    def key(self) -> str:
        """Of the lender's own words, in the wording."""
        return f"way.{plain(self.name).replace(' ', '_')}"


_BEFORE = (
    r"(?:(?:y|o|ok|okay|va|bueno|entonces|mejor|oye|oiga|hola|pues|puedo|podria|se puede|puede ser|aceptan?|"
    r"reciben?|tienen|manejan|hay|pagar(?:les|te|le)?|pagos?|depositar(?:les)?|hacerlo|hacer el pago|con|por|"
    r"en|de|el|la|un|una|mediante|ir|al?|es|directo|desde|mi|cuentas?|app|transferir|lo|quiero|prefiero|"
    r"me gustaria|seria|tambien|que tal|si|and|or|"
    r"(?:what|how) about|what|which|can|could|do|you|u|i|pay|with|by|at|in|via|take|accept|use|the|"
    r"an?|like to|i d) )*"
)
_AFTER = (
    r"(?: (?:se puede|puedo|aceptan|reciben|tambien|esta bien|pagar|porfa|por favor|entonces|please|ok|okay|"
    r"o no|directo|de mas|too|mejor|then|"
    r"can i (?:use|pay|go)(?: (?:to|at|in))?|instead|como|a donde|how|verdad|no))*"
)


class Ways:
    """The lender's own last: their words win."""

    def __init__(self, ways: Sequence[Way]) -> None:
        self._by_name = {way.name: way for way in ways}
        self._by_word = {plain(word): way for way in ways for word in (way.name, *way.words)}
        words = "|".join(sorted(map(re.escape, self._by_word), key=len, reverse=True))
        self._named = re.compile(
            f"{_BEFORE}({words})(?: (?:o|y|or|and) (?:en |por |con |by )?(?:{words}))*{_AFTER}"
        )
        self._mentioned = re.compile(rf"\b(?:{words})\b")
        self.stores = tuple(way.name for way in ways if way.by == "store" and way.listed)

    def named_in(self, text: str) -> Way | None:
        """The one that the message names and asks for, and nothing else."""
        found = self._named.fullmatch(plain(text))
        return self._by_word[found[1]] if found else None

    def in_store(self, text: str) -> bool:
        """Whether it mentions one that takes the loan's cash reference."""
        found = (self._by_word[word] for word in self._mentioned.findall(plain(text)))
        return any(way.by in ("cash", "store") for way in found)

    def get(self, name: str) -> Way | None:
        return self._by_name.get(name)
