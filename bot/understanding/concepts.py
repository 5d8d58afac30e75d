"""Kinds of things that words name, from `concepts.toml`: «tarjeta» and «plástico» are one."""

import re
import tomllib
from functools import lru_cache
from itertools import pairwise
from pathlib import Path

_FILE = Path(__file__).parent / "concepts.toml"


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    listed: dict[str, str] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        (name, re.compile("|".join(word.replace("*", r"\w*") for word in words.split())))
        for name, words in listed.items()
    )


@lru_cache(maxsize=16384)
def _of(word: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _patterns() if pattern.fullmatch(word))


def concepts(tokens: list[str]) -> list[str]:
    """Each concept of the words, and each two that follow one another, whatever stands between."""
    order = [found for token in tokens if (found := _of(token))]
    there = {name for found in order for name in found}
    follows = {
        f"{first} > {second}" for before, after in pairwise(order) for first in before for second in after
    }
    return [*sorted(there), *sorted(follows)]
