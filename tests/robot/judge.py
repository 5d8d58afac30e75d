"""Counts what happened in all conversations, and keeps the faults that the judges found, with what led to
them.
"""

from collections import Counter
from dataclasses import dataclass, field

from tests.robot.judges import JUDGES
from tests.robot.judges.answers import DOUBT
from tests.robot.seen import Seen, Talk

MOST_FAULTS = 400
_AIMS = (
    ("promise", "promise", "promise.made"),
    ("mandate", "debit", "mandate.authorized"),
    ("plan", "plan", "plan.agreed"),
)


@dataclass(slots=True)
class Judge:
    place: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    talk: Talk = field(default_factory=Talk)
    transcript: list[str] = field(default_factory=list)

    def begin(self, mood: str, others: tuple[str, ...] = ()) -> None:
        self.talk = Talk(self.counts, others)
        self.counts["conversations"] += 1
        self.transcript[:] = [f"({self.place}, conversation {self.counts['conversations']}, {mood})"]

    def add(self, other: "Judge") -> None:
        self.counts += other.counts
        self.faults += other.faults

    def fault(self, what: str) -> None:
        self.counts[f"fault: {what.partition(':')[0]}"] += 1
        if len(self.faults) < MOST_FAULTS:
            self.faults.append("\n    ".join([what, self.transcript[0], *self.transcript[1:][-8:]]))

    def look(self, seen: Seen) -> None:
        self._write_down(seen)
        self._count(seen)
        for judge in JUDGES:
            for what in judge(seen, self.talk):
                self.fault(what)

    def _write_down(self, seen: Seen) -> None:
        if seen.written:
            self.transcript.append(f"> {seen.written.text}  [{seen.written.meaning}]")
        elif seen.silent_hours:
            closed = f", {', '.join(seen.closed)} closed" if seen.closed else ""
            self.transcript.append(f"({seen.silent_hours} hours later{closed})")
        self.transcript += [f"{'<' if seen.written else '~'} {outgoing.text}" for outgoing in seen.arrived]

    def _count(self, seen: Seen) -> None:
        self.counts["out"] += len(seen.arrived)
        self.counts["doubts"] += any(key.startswith(DOUBT) for key in seen.keys)
        if seen.written is None:
            return
        self.counts["in"] += 1
        since = self.talk.since
        for what, wish, kind in _AIMS:
            wished = seen.written.meaning.startswith(wish)
            since[what] = len(seen.arrived) + (0 if wished else since[what])
            if kind in seen.kinds:
                self.counts[f"{what}s"] += 1
                self.counts[f"out for {what}"] += since[what]

    def report(self, seconds: float) -> str:
        counts = self.counts
        doubts = 100 * counts["doubts"] / max(counts["in"], 1)
        twice = 100 * counts["said twice in a row"] / max(counts["out"], 1)
        lines = [
            f"{counts['conversations']} conversations, {counts['in']} messages in, {counts['out']} out",
            f"{counts['conversations'] / seconds:.1f} conversations/s",
            f"doubts per 100 messages: {doubts:.1f}",
            f"the same text twice in a row, per 100 messages: {twice:.2f}",
            f"promises {counts['promises']}, with {self._per('promise')} messages each",
            f"mandates {counts['mandates']}, with {self._per('mandate')} messages each",
            f"agreements {counts['plans']}, with {self._per('plan')} messages each",
            f"claims held against the books: {counts['claims']}",
        ]
        lines += [f"{name}: {number}" for name, number in counts.items() if name.startswith("fault")]
        return "\n".join(lines)

    def _per(self, what: str) -> str:
        number = self.counts[f"{what}s"]
        return f"{self.counts[f'out for {what}'] / number:.1f}" if number else "no"
