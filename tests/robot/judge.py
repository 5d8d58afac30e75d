"""What must never happen, judged after each turn from what arrived and what the records hold."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels import Outgoing
from bot.compliance import faults, load_rules
from models.base import AnyRow
from tests.robot.borrower import Written

_RULES = load_rules("MX")
LENDER = "Crédito Jacaranda"
"""The trade name, which has a word of debt in it."""
LONGEST = {True: 1024, False: 1600}
"""Characters of a message with buttons, and of one without."""
_DOUBT = ("unclear.", "repair.sorry", "repair.again")
_AIMS = (("promise", "promise", "promise.made"), ("mandate", "debit", "mandate.authorized"))
_WORD_GIVEN = {
    "payment_report.noted": "payment_reported",
    "payment_report.noted_sum": "payment_reported",
    "payment_report.noted_receipt": "payment_reported",
    "topic.unknown": "question",
    "privacy.noted": "privacy_request",
}
"""What says that somebody will answer → the task that makes them."""
_AGREES = ("ok", "va", "aja", "👍")
"""What the robot writes in passing and is a yes all the same."""
_MONEY = ("$", "adeudo", "vencid", "atraso", "owe")


@dataclass(slots=True)
class Seen:
    """One turn: what was written, what came of it."""

    written: Written
    outcome: str
    handler_before: str
    proved: bool
    """Whether the person who has the phone had given the right birthday, and nobody claimed to be another."""
    arrived: Sequence[Outgoing]
    rows: Sequence[AnyRow]
    """What was queued for it."""
    kinds: Sequence[str]
    """Ledger kinds that it added."""
    tasks: Sequence[str]
    """Kinds of what waits for a person in this conversation."""


@dataclass(slots=True)
class Judge:
    """Counts, and the faults with what led to them."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    since: Counter[str] = field(default_factory=Counter)
    """Messages out since it was last wished for."""

    def begin(self) -> None:
        self.recent.clear()
        self.transcript.clear()
        self.since.clear()
        self.counts["conversations"] += 1

    def fault(self, what: str) -> None:
        self.counts[f"fault: {what}"] += 1
        if len(self.faults) < 400:
            self.faults.append(f"{what}\n    " + "\n    ".join(self.transcript[-8:]))

    def look(self, seen: Seen) -> None:
        self.counts["in"] += 1
        self.counts["out"] += len(seen.arrived)
        self.transcript.append(f"> {seen.written.text}  [{seen.written.meaning}]")
        self.transcript += [f"< {outgoing.text}" for outgoing in seen.arrived]
        keys = [key for row in seen.rows for key, _ in (row.wording or {}).get("lines", ())]
        self.counts["doubts"] += any(key.startswith(_DOUBT) for key in keys)
        for what, wish, kind in _AIMS:
            self.since[what] = len(seen.arrived) + (
                0 if seen.written.meaning.startswith(wish) else self.since[what]
            )
            if kind in seen.kinds:
                self.counts[f"{what}s"] += 1
                self.counts[f"out for {what}"] += self.since[what]
        self._outcome(seen)
        self._acts(seen)
        for outgoing in seen.arrived:
            self._words(seen, outgoing)
        for key in keys:
            if _WORD_GIVEN.get(key, "") not in ("", *seen.tasks):
                self.fault(f"nobody keeps the word of {key}")

    def _outcome(self, seen: Seen) -> None:
        if seen.outcome == "unprocessed":
            self.fault("a turn raised")
        elif seen.handler_before == "bot" and not seen.rows:
            self.fault("no answer")
        elif seen.handler_before != "bot" and seen.rows:
            self.fault("an answer while a person has the conversation")

    def _acts(self, seen: Seen) -> None:
        agreed = seen.written.meaning == "yes" or seen.written.text.lower().startswith(_AGREES)
        if "promise.made" in seen.kinds and not agreed:
            self.fault("a promise without a yes")
        if "mandate.authorized" in seen.kinds and seen.written.meaning != "accept":
            self.fault("a debit without ACEPTO")

    def _words(self, seen: Seen, outgoing: Outgoing) -> None:
        self.recent = [*self.recent[-2:], outgoing.text]
        if len(self.recent) == 3 and len(set(self.recent)) == 1:
            self.fault("the same answer three times")
        if len(outgoing.text) > LONGEST[bool(outgoing.choices)]:
            self.fault("a message that is too long")
        text = outgoing.text.replace(LENDER, "")
        keys = [key for row in seen.rows for key, _ in (row.wording or {}).get("lines", ())]
        topic = any(key.startswith("topic") for key in keys)
        stranger = any(key.startswith(("stranger", "loan_request")) for key in keys)
        found = faults(text, _RULES, known=seen.proved)
        for each in found:
            if (each.code == "debt_to_stranger" and not stranger) or (each.code == "threat" and not topic):
                self.fault(f"{each.code}: {each.found}")
        if not seen.proved and any(word in text for word in _MONEY):
            self.fault("money before identity")

    def report(self, seconds: float) -> str:
        counts = self.counts
        doubts = 100 * counts["doubts"] / max(counts["in"], 1)
        lines = [
            f"{counts['conversations']} conversations, {counts['in']} messages in, {counts['out']} out",
            f"{counts['conversations'] / seconds:.1f} conversations/s",
            f"doubts per 100 messages: {doubts:.1f}",
            f"promises {counts['promises']}, with {self._per('promise')} messages each",
            f"mandates {counts['mandates']}, with {self._per('mandate')} messages each",
        ]
        lines += [f"{name}: {number}" for name, number in counts.items() if name.startswith("fault")]
        return "\n".join(lines)

    def _per(self, what: str) -> str:
        number = self.counts[f"{what}s"]
        return f"{self.counts[f'out for {what}'] / number:.1f}" if number else "no"
