"""What messages cost, by country, channel and day: data."""

import tomllib
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

_PRICES = Path(__file__).parents[1] / "prices.toml"


def price_of(country: str, channel: str, day: date) -> Decimal:
    """US dollars; nothing where no price is known."""
    wanted = (country, channel)
    known = [(since, usd) for *what, since, usd in _prices() if tuple(what) == wanted and since <= day]
    return max(known)[1] if known else Decimal()


def price_list(country: str) -> list[tuple[str, date, Decimal]]:
    """`channel, since, usd`: each price that is known, by channel and day."""
    return sorted((channel, since, usd) for where, channel, since, usd in _prices() if where == country)


@lru_cache(maxsize=1)
def _prices() -> tuple[tuple[str, str, date, Decimal], ...]:
    data = tomllib.loads(_PRICES.read_text(encoding="utf-8"))
    return tuple((row["country"], row["channel"], row["from"], Decimal(row["usd"])) for row in data["price"])
