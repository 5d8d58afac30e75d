"""How well messages are read, measured on a file of labelled lines."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from bot.understanding.labels import SAFETY
from bot.understanding.reader import Reading, Understanding

_BINS = 10


@dataclass(frozen=True, slots=True)
class Line:
    """One labelled line, and how it was read."""

    wanted: dict[str, Any]
    reading: Reading
    micros: float

    @property
    def right(self) -> bool:
        return bool(self.reading.intent == self.wanted["intent"])


@dataclass(frozen=True, slots=True)
class Report:
    """Shares lie between 0 and 1; of no lines, all are 0."""

    lines: list[Line]
    seen: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    chosen: Counter[str] = field(default_factory=Counter)

    @property
    def accuracy(self) -> float:
        return _share([line.right for line in self.lines])

    @property
    def macro_f1(self) -> float:
        scores = [2 * self.hit[label] / (self.seen[label] + self.chosen[label]) for label in self.seen]
        return sum(scores) / max(1, len(scores))

    def recall(self, label: str) -> float:
        return self.hit[label] / max(1, self.seen[label])

    @property
    def safety_recall(self) -> float:
        """The average over the safety labels that the file holds."""
        recalls = [self.recall(label) for label in SAFETY if self.seen[label]]
        return sum(recalls) / max(1, len(recalls))

    @property
    def acted(self) -> float:
        """The share of messages that are certain enough to act on."""
        return _share([line.reading.certain for line in self.lines])

    @property
    def precision(self) -> float:
        """The share of those that are read right."""
        return _share([line.right for line in self.lines if line.reading.certain])

    @property
    def reliability(self) -> list[tuple[float, float, int]]:
        """`(mean confidence, share right, lines)` of each tenth of confidence that occurs."""
        bins: dict[int, list[Line]] = {}
        for line in self.lines:
            bins.setdefault(min(_BINS - 1, int(line.reading.confidence * _BINS)), []).append(line)
        return [
            (_share([x.reading.confidence for x in found]), _share([x.right for x in found]), len(found))
            for _, found in sorted(bins.items())
        ]

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over ten bins of confidence."""
        return sum(count * abs(confidence - right) for confidence, right, count in self.reliability) / max(
            1, len(self.lines)
        )

    @property
    def confusions(self) -> Counter[tuple[str, str]]:
        return Counter((line.wanted["intent"], line.reading.intent) for line in self.lines if not line.right)

    def entities(self) -> tuple[Counter[str], Counter[str], Counter[str]]:
        """`(exact, wrong or missed, invented)` by name."""
        exact: Counter[str] = Counter()
        wrong: Counter[str] = Counter()
        invented: Counter[str] = Counter()
        for line in self.lines:
            wanted, found = line.wanted.get("entities", {}), line.reading.entities
            for name in {*wanted, *found}:
                (invented if name not in wanted else exact if wanted[name] == found.get(name) else wrong)[
                    name
                ] += 1
        return exact, wrong, invented

    def also(self) -> tuple[int, int, int] | None:
        """`(exact, missed, invented)` acts next to the intent; None where the file does not state them."""
        pairs = [
            (set(line.wanted["also"]), set(line.reading.also)) for line in self.lines if "also" in line.wanted
        ]
        return (
            (
                sum(len(a & b) for a, b in pairs),
                sum(len(a - b) for a, b in pairs),
                sum(len(b - a) for a, b in pairs),
            )
            if pairs
            else None
        )

    def micros(self, share: float) -> float:
        """Time per message: 0.5 for the median."""
        ordered = sorted(line.micros for line in self.lines)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def evaluate(understanding: Understanding, file: Path) -> Report:
    """Reads every line of a JSON-lines file of `{text, today, expecting, intent, entities, also}`; the last
    two may be absent.
    """
    report = Report(
        [
            _read(understanding, json.loads(raw))
            for raw in file.read_text(encoding="utf-8").splitlines()
            if raw.strip()
        ]
    )
    for line in report.lines:
        report.seen[line.wanted["intent"]] += 1
        report.chosen[line.reading.intent] += 1
        report.hit[line.wanted["intent"]] += line.right
    return report


def _read(understanding: Understanding, wanted: dict[str, Any]) -> Line:
    today = date.fromisoformat(wanted["today"])
    start = time.process_time()
    reading = understanding.read(wanted["text"], today, wanted.get("expecting"))
    return Line(wanted, reading, (time.process_time() - start) * 1e6)


def _share(values: list[bool] | list[float]) -> float:
    return sum(values) / max(1, len(values))
