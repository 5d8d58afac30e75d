"""How well messages are read, measured on a file of labelled lines."""

import json
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from bot.understanding.labels import SAFETY
from bot.understanding.reader import Understanding

_BINS = 10


@dataclass(slots=True)
class Report:
    lines: int = 0
    right: int = 0
    certain: int = 0
    certain_right: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    confused: Counter[tuple[str, str]] = field(default_factory=Counter)
    entity_wrong: Counter[str] = field(default_factory=Counter)
    entity_invented: Counter[str] = field(default_factory=Counter)
    bins: dict[int, list[tuple[float, bool]]] = field(default_factory=lambda: defaultdict(list))
    micros: list[float] = field(default_factory=list)

    @property
    def accuracy(self) -> float:
        return self.right / max(1, self.lines)

    def recall(self, label: str) -> float:
        return self.hit[label] / max(1, self.seen[label])

    @property
    def macro_f1(self) -> float:
        scores = []
        for label in self.seen:
            precision = self.hit[label] / max(1, self.said[label])
            recall = self.recall(label)
            scores.append(2 * precision * recall / (precision + recall) if precision + recall else 0.0)
        return sum(scores) / max(1, len(scores))

    @property
    def calibration_error(self) -> float:
        """Expected calibration error over ten bins of confidence."""
        error = 0.0
        for found in self.bins.values():
            confidence = sum(c for c, _ in found) / len(found)
            error += len(found) * abs(confidence - sum(right for _, right in found) / len(found))
        return error / max(1, self.lines)

    def text(self) -> str:
        micros = sorted(self.micros)
        rows = [
            f"lines {self.lines}",
            f"accuracy {self.accuracy:.3f}   macro F1 {self.macro_f1:.3f}   calibration error {self.calibration_error:.3f}",
            f"acting on {self.certain / max(1, self.lines):.1%} of messages with precision {self.certain_right / max(1, self.certain):.3f}",
            f"time per message: median {micros[len(micros) // 2]:.0f} µs, p99 {micros[int(len(micros) * 0.99)]:.0f} µs" if micros else "",
            "", "recall by label (* safety)",
            *(f"  {label + ('*' if label in SAFETY else ''):22} {self.hit[label]:4}/{self.seen[label]}" for label in sorted(self.seen, key=self.recall)),
            "", "confusions", *(f"  {wanted} read as {said}: {count}" for (wanted, said), count in self.confused.most_common(15)),
            "", "entities: wrong or missed " + (", ".join(f"{k} {v}" for k, v in self.entity_wrong.items()) or "none"),
            "entities: invented " + (", ".join(f"{k} {v}" for k, v in self.entity_invented.items()) or "none"),
        ]  # fmt: skip
        return "\n".join(rows)


def evaluate(understanding: Understanding, file: Path) -> Report:
    """Reads every line of a JSON-lines file of `{text, today, expecting, intent, entities}`."""
    report = Report()
    for raw in file.read_text(encoding="utf-8").splitlines():
        wanted = json.loads(raw)
        start = time.perf_counter()
        reading = understanding.read(wanted["text"], date.fromisoformat(wanted["today"]), wanted.get("expecting"))
        report.micros.append((time.perf_counter() - start) * 1e6)
        right = reading.intent == wanted["intent"]
        report.lines += 1
        report.right += right
        report.seen[wanted["intent"]] += 1
        report.said[reading.intent] += 1
        report.hit[wanted["intent"]] += right
        report.certain += reading.certain
        report.certain_right += reading.certain and right
        report.bins[min(_BINS - 1, int(reading.confidence * _BINS))].append((reading.confidence, right))
        if not right:
            report.confused[wanted["intent"], reading.intent] += 1
        for name in {*wanted["entities"], *reading.entities}:
            if wanted["entities"].get(name) != reading.entities.get(name):
                (report.entity_wrong if name in wanted["entities"] else report.entity_invented)[name] += 1
    return report
