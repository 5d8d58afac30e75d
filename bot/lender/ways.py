"""The ways to pay: those that are shipped by name, and in their place those of the lender's file."""

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

from bot.lender.policy import Pesos
from bot.lender.topics import Form, Language, worded
from flows.answers import plain, plain_answer
from flows.types.ways import By, Way, Ways
from values import Money

_SHIPPED = Path(__file__).parent / "ways.toml"
_LONGEST = 400

Word = Annotated[str, Field(min_length=2, max_length=40)]


class WayTable(BaseModel):
    """One `[[lender.pay.way]]`: `transfer`, a bank or app that sends to the CLABE; `store`, one that takes
    the loan's cash reference; `own`, as `how` says; `no`, not taken.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Word
    by: Literal["transfer", "store", "own", "no"]
    words: tuple[Word, ...] = ()
    """As borrowers write it, where they write it otherwise."""
    fee_pesos: Pesos | None = None
    """What the store charges for each payment."""
    most_pesos: Pesos | None = None
    """What it takes at once."""
    how: dict[Form, Annotated[str, Field(min_length=10, max_length=_LONGEST, pattern=r"^[^{}]*$")]] = {}

    @model_validator(mode="after")
    def agrees(self) -> Self:
        if self.by != "store" and (self.fee_pesos or self.most_pesos):
            raise PydanticCustomError("way_store", 'fee_pesos and most_pesos are a store\'s: by = "store"')
        if (self.by == "own") != ("es_MX" in self.how):
            raise PydanticCustomError(
                "way_how", 'how, with es_MX, goes with by = "own", and with no other', {}
            )
        if answers := [word for word in (self.name, *self.words) if not plain(word) or plain_answer(word)]:
            raise PydanticCustomError(
                "way_answer", "{word} answers any question: name it otherwise", {"word": answers[0]}
            )
        return self

    @property
    def value(self) -> Way:
        fee, most = (Money.parse_pesos(each) if each else None for each in (self.fee_pesos, self.most_pesos))
        return Way(self.name, self.by, self.words, fee, most, listed=True)

    @property
    def worded(self) -> dict[str, dict[Language, str]]:
        """Wording key, or `key@usted` → language → words."""
        return worded(self.value.key, self.how) if self.how else {}


def differ(tables: Sequence[WayTable]) -> Sequence[WayTable]:
    """Each word names one way."""
    words = Counter(word for table in tables for word in {plain(each) for each in (table.name, *table.words)})
    if twice := [word for word, count in words.items() if count > 1]:
        raise PydanticCustomError("way_twice", "{word} names two ways to pay", {"word": twice[0]})
    return tables


def ways_of(own: Sequence[WayTable]) -> Ways:
    """A lender's way replaces the shipped one of its name and keeps its spellings. Where the lender names its
    stores, the others take no payment.
    """
    listed = {plain(table.name): table.value for table in own}
    stores = any(way.by == "store" for way in listed.values())
    ways = []
    for shipped in _shipped():
        if (way := listed.pop(plain(shipped.name), None)) is not None:
            ways.append(Way(way.name, way.by, (*shipped.words, *way.words), way.fee, way.most, listed=True))
        else:
            by: By = "no" if stores and shipped.by == "store" else shipped.by
            ways.append(Way(shipped.name, by, shipped.words))
    return Ways((*ways, *listed.values()))


@lru_cache(maxsize=1)
def _shipped() -> tuple[Way, ...]:
    data = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    named = TypeAdapter(dict[By, list[list[str]]]).validate_python(data)
    return tuple(Way(name, by, tuple(words)) for by, each in named.items() for name, *words in each)
