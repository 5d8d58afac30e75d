"""The lexicon: which labels a message holds by the patterns of `lexicon.toml`, and how firmly."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_FILE = Path(__file__).parent / "lexicon.toml"


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    whole: frozenset[str]


class Lexicon:
    """Says nothing of words that its author did not think of: the classifier hears it as one witness among others."""

    def __init__(self, labels: tuple[_Label, ...]) -> None:
        self._labels = labels

    @classmethod
    def load(cls, path: Path = _FILE) -> Self:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple(
                _Label(name, _pattern(part.get("strong", [])), _pattern(part.get("weak", [])), frozenset(part.get("whole", [])))
                for name, part in data.items()
            )
        )

    def hits(self, said: str) -> list[tuple[str, str]]:
        """`(label, "whole"|"strong"|"weak")` of `words` text; at most one, the firmest, of each label."""
        bare = said.strip(" ?!")
        return [(label.name, firmness) for label in self._labels if (firmness := _firmness(label, said, bare))]


def _firmness(label: _Label, said: str, bare: str) -> str | None:
    if bare in label.whole:
        return "whole"
    if label.strong and label.strong.search(said):
        return "strong"
    return "weak" if label.weak and label.weak.search(said) else None


def _pattern(sources: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{source})" for source in sources)) if sources else None
