"""The lexicon: which labels a message holds by the patterns of `lexicon.toml`, and how firmly."""

import re
import tomllib
from pathlib import Path
from typing import Self

import re2

_FILE = Path(__file__).parent / "lexicon.toml"
_QUIET = re2.Options()
_QUIET.log_errors = False


_LOOKS = re.compile(r"\(\?[=!<]")
"""What RE2 has not: of a pattern that looks ahead or behind it is given the rest, which matches more, and
what it lets through is searched by the whole.
"""


class Lexicon:
    """One group of features among others: it is silent about words that its author did not think of.

    RE2's filter looks for the patterns' own words in one pass and tries only those that may match: a tenth of
    the time of trying all.
    """

    def __init__(self, data: dict[str, dict[str, list[str]]]) -> None:
        self._whole: dict[str, list[str]] = {}
        for label, part in data.items():
            for phrase in part.get("whole", []):
                self._whole.setdefault(phrase, []).append(label)
        self._meanings: list[tuple[str, str]] = []
        """Label and firmness of each pattern of the filter, by its number."""
        self._looking: dict[int, re.Pattern[str]] = {}
        """By its number, a pattern that looks ahead or behind."""
        self._filter = re2.Filter()
        for firmness in ("weak", "strong", "never"):
            for label, part in data.items():
                for source in part.get(firmness, []):
                    self._add(source, label, firmness)
        self._filter.Compile()

    def _add(self, source: str, label: str, firmness: str) -> None:
        if _LOOKS.search(source):
            self._looking[len(self._meanings)] = re.compile(source)
            source = _without_looks(source)
        self._filter.Add(_ascii(source), _QUIET)
        self._meanings.append((label, firmness))

    @classmethod
    def load(cls, path: Path = _FILE) -> Self:
        return cls(tomllib.loads(path.read_text(encoding="utf-8")))

    def hits(self, spaced: str) -> list[tuple[str, str]]:
        """`(label, "whole"|"strong"|"weak")` of `words` text; at most one, the firmest, of each label. A
        label of which a `never` pattern matches is left out: «no quiero darme de baja» has the words of
        another sense.
        """
        found = self._found(spaced)
        firmest = dict(sorted(found, key=_by_firmness))
        firmest |= dict.fromkeys(self._whole.get(spaced.strip(" ?!"), ()), "whole")
        never = {label for label, firmness in found if firmness == "never"}
        return [(label, firmness) for label, firmness in firmest.items() if label not in never]

    def never(self, spaced: str) -> frozenset[str]:
        """The labels whose words stand in another sense."""
        return frozenset(label for label, firmness in self._found(spaced) if firmness == "never")

    def _found(self, spaced: str) -> list[tuple[str, str]]:
        return [
            self._meanings[number]
            for number in self._filter.Match(_ascii(spaced)) or ()
            if (pattern := self._looking.get(number)) is None or pattern.search(spaced)
        ]


def _without_looks(source: str) -> str:
    """Without the groups that look ahead or behind."""
    while found := _LOOKS.search(source):
        depth, end = 1, found.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(source[end], 0)
            end += 2 if source[end] == "\\" else 1
        source = source[: found.start()] + source[end:]
    return source


def _by_firmness(hit: tuple[str, str]) -> bool:
    return hit[1] == "strong"


def _ascii(text: str) -> str:
    """RE2 knows only ASCII letters as such; `words` text has but one other, and no capitals."""
    return text.replace("ñ", "N")
