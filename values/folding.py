"""Text folded for comparison: one rule for names, places, answers and lint, so that all of them agree."""

import re
import unicodedata
from functools import lru_cache

_MARKS = re.compile(r"[\u0300-\u036f]+")
"""The marks of Latin letters; others are rare and looked for one by one."""


@lru_cache(maxsize=1024)
def fold(text: str) -> str:
    """Lower case, without accents: «Peña» is `pena`. Length may change."""
    flat = text.casefold()
    if flat.isascii():
        return flat
    flat = _MARKS.sub("", unicodedata.normalize("NFKD", flat))
    return flat if flat.isascii() else "".join(c for c in flat if not unicodedata.combining(c))
