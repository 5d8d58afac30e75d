"""What a message means: patterns of a lexicon say which labels are there, their precedence which one decides."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.entities import entities
from bot.understanding.labels import ALSO, PRECEDENCE, SAFETY
from bot.understanding.normal import plain, words

_LEXICON = Path(__file__).parent / "lexicon.toml"
_RANK = {label: rank for rank, label in enumerate(PRECEDENCE)}
_WEAK = frozenset({"greet", "thank", "affirm", "deny", "abuse", "other"})
"""Only when nothing else is there."""
_ACTS_ON_DAYS = ("promise_to_pay", "request_extension", "request_plan")


@dataclass(frozen=True, slots=True)
class Reading:
    """`entities` in the forms of the labels page; `alternatives` the likeliest labels with their confidence, best first."""

    intent: str
    confidence: float
    certain: bool
    also: tuple[str, ...]
    entities: dict[str, Any]
    alternatives: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class _Label:
    name: str
    strong: re.Pattern[str] | None
    weak: re.Pattern[str] | None
    whole: frozenset[str]


class Understanding:
    """Reads one message in well under a millisecond; holds no state of any conversation."""

    def __init__(self, labels: tuple[_Label, ...]) -> None:
        self._labels = labels

    def read(self, text: str, today: date, expecting: str | None = None) -> Reading:
        """Never raises for any text."""
        flat = plain(text)
        found = entities(flat, today, expecting)
        said = words(flat)
        scores = self._scores(said, found, expecting)
        ranked = sorted(scores.items(), key=lambda entry: (-_strength(entry[1]), _RANK[entry[0]]))
        intent, confidence = _decide(ranked)
        also = tuple(label for label in ALSO if label != intent and scores.get(label, 0) >= 0.9)
        top = tuple((label, score) for label, score in ranked[:3])
        certain = confidence >= (0.6 if intent in SAFETY else 0.75)
        return Reading(intent, confidence, certain, also, found, top)

    def _scores(self, said: str, found: dict[str, Any], expecting: str | None) -> dict[str, float]:
        scores: dict[str, float] = {}
        bare = said.strip(" ?!")
        for label in self._labels:
            if bare in label.whole:
                scores[label.name] = 0.97
            elif label.strong and label.strong.search(said):
                scores[label.name] = 0.92
            elif label.weak and label.weak.search(said):
                scores[label.name] = 0.6
        _expected(scores, bare, found, expecting)
        if "clabe" in found or "clabe_invalid" in found:
            scores.setdefault("provide_clabe", 0.9)
        return scores


def _expected(scores: dict[str, float], bare: str, found: dict[str, Any], expecting: str | None) -> None:
    """A bare sum or day is a promise when one was asked for."""
    asked = {"amount": "amount", "date": "date"}.get(expecting or "")
    if asked and asked in found and not any(label in scores for label in PRECEDENCE[:11]):
        scores.setdefault("promise_to_pay", 0.93)
    elif ("amount" in found or "date" in found) and not set(scores) - _WEAK and len(bare.split()) >= 3:
        scores["promise_to_pay"] = 0.65


def _strength(score: float) -> int:
    return 2 if score >= 0.9 else 1


def _decide(ranked: list[tuple[str, float]]) -> tuple[str, float]:
    """The first by strength and precedence; several strong ones of the same kind make it less certain."""
    if not ranked:
        return "other", 0.4
    content = [entry for entry in ranked if entry[0] not in _WEAK] or ranked
    label, score = content[0]
    rivals = [other for other, rival in content[1:] if rival >= 0.9 and other not in SAFETY]
    return label, round(score - (0.08 if rivals and label not in SAFETY else 0.0), 4)


def _pattern(sources: list[str]) -> re.Pattern[str] | None:
    return re.compile("|".join(f"(?:{source})" for source in sources)) if sources else None


@lru_cache(maxsize=1)
def load() -> Understanding:
    """Reads the lexicon beside this file."""
    data = tomllib.loads(_LEXICON.read_text(encoding="utf-8"))
    labels = tuple(
        _Label(name, _pattern(part.get("strong", [])), _pattern(part.get("weak", [])), frozenset(part.get("whole", [])))
        for name, part in data.items()
    )
    return Understanding(labels)
