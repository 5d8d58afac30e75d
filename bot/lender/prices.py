"""What a message costs, by channel, category and day: as shipped for the country, or as the lender's own file
has it.
"""

import tomllib
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator
from pydantic_core import PydanticCustomError

_SHIPPED = Path(__file__).parent / "prices.toml"

ChannelName = Literal["whatsapp", "sms", "email"]
Category = Literal["marketing", "utility", "authentication", "service"]
"""WhatsApp's: a template's, or `service` for what is written freely while the borrower's window is open."""


class Price(BaseModel):
    """One `[[policy.costs.price]]`; without a category, of each."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: ChannelName
    category: Category | None = None
    since: date = Field(alias="from")
    usd: Annotated[Decimal, Field(ge=0, le=100, decimal_places=6)]

    @model_validator(mode="after")
    def consistent(self) -> Self:
        if self.category and self.channel != "whatsapp":
            raise PydanticCustomError(
                "price_category",
                "only WhatsApp has categories: leave it out for {channel}",
                {"channel": self.channel},
            )
        return self


class Prices(tuple[Price, ...]):
    """Of one country."""

    __slots__ = ()

    def usd(self, channel: str, category: str | None, day: date) -> Decimal:
        """The newest price of that day; nothing where none is known."""
        found = [
            price
            for price in self
            if price.channel == channel and price.category in (None, category) and price.since <= day
        ]
        return max(found, key=lambda price: (price.since, price.category or "")).usd if found else Decimal()


def prices_of(country: str, own: Iterable[Price] = ()) -> Prices:
    """The lender's own prices of a channel replace all that are shipped for it."""
    own = tuple(own)
    priced = {price.channel for price in own}
    return Prices((*own, *(price for price in _shipped().get(country, ()) if price.channel not in priced)))


@lru_cache(maxsize=1)
def _shipped() -> dict[str, tuple[Price, ...]]:
    data = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    return TypeAdapter(dict[str, tuple[Price, ...]]).validate_python(data)
