"""The names that lenders give to the columns of a tape."""

import re
import tomllib
from functools import lru_cache
from pathlib import Path

from values import fold


@lru_cache(maxsize=1)
def synonyms() -> dict[str, str]:
    """Key of their name → our column."""
    text = (Path(__file__).parent / "headers.toml").read_text(encoding="utf-8")
    return {name: ours for ours, names in reversed(tomllib.loads(text).items()) for name in names}


def header_key(name: str) -> str:
    """`No. de Crédito` is `no de credito`."""
    return " ".join(re.sub(r"[^a-z0-9ñ]+", " ", fold(name)).split())
