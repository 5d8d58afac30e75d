"""A sum that only its place in the talk makes one."""

import re

from values import Money

_NUMBER = re.compile(r"(?<![\w/.-])\$?(\d{1,3}(?:,\d{3})+(?:\.\d\d)?|\d{2,6}(?:\.\d\d)?)(?![\w/-])")
LEAST_SUM, MOST_SUM = 40, 500_000


def bare_sum(text: str) -> Money | None:
    """«Mejor 400», «nomás 200»: a number that is no day of a month."""
    numbers = _NUMBER.findall(text)
    if len(numbers) != 1:
        return None
    pesos = float(numbers[0].replace(",", ""))
    return Money(round(pesos * 100)) if LEAST_SUM <= pesos <= MOST_SUM else None
