"""What must never happen, judged after each turn from what arrived and what the records hold."""

import re
from collections import Counter
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from bot.channels import Outgoing
from bot.channels.twilio.contents import as_numbered
from bot.compliance import faults, load_rules
from models.base import AnyRow
from tests.robot.borrower import Written

_RULES = load_rules("MX")
LENDER = "Crédito Jacaranda"
"""The trade name, which has a word of debt in it."""
WITH_BUTTONS, LONGEST = 1024, 1600
"""Characters up to which a message keeps its buttons, and those of any: longer ones leave as text, with the
choices numbered in it.
"""
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
_CALLS_FOR_NOTHING = ("thanks", "noise", "sticker")
"""Of somebody who is not the borrower: nothing follows that."""
_AGREES = ("ok", "va", "aja", "👍")
"""What the robot writes in passing and is a yes all the same."""
_ANSWERS = ("day", "amount", "move_charge", "stop_charge")
"""«No voy a tener saldo» under a question that is open may be of that one: it may be asked about."""
_THANKS = frozenset({"news.paid", "news.paid_kept", "news.paid_off", "news.paid_reported"})
_SILENT = frozenset({"optout.recorded", "contact_point.closed", "vulnerability.reported"})
"""After these nothing is sent unasked."""
_NEXT = " / "
"""Between two messages that were written one right after the other, and answered as one."""
_NEEDS = {
    "promise.made": ("yes",),
    "plan.agreed": ("yes",),
    "mandate.authorized": ("accept",),
    "mandate.cancelled": ("cancel_debit", "dispute", "vulnerable", "no", "accept", "button", "several"),
    "optout.recorded": ("opt_out", "abuse", "complaint", "wrong_number", "button", "several"),
    "contact_point.closed": ("another", "wrong_number", "vulnerable", "dispute", "no", "button", "several"),
}
"""What happened → what must have been written. ACEPTO to terms of the day before yesterday ends those."""
_HEARD = {
    "opt_out": "optout.recorded",
    "complaint": "complaint.opened",
    "dispute": "dispute.opened",
    "vulnerable": "vulnerability.reported",
    "birthday": "identity.confirmed",
    "accept": "mandate.authorized",
}
"""What was written without a slip → what must have happened by then: protection, whoever has the
conversation, and the answer to a question. «Ya no me manden nada, mejor por mensaje de texto» wishes for
another way or hour, and not for none.
"""
_SOMEBODY = re.compile(
    r"(?<! y )lo revisa|(?:te|le) responde|person[^.]*(?:te|le) escribirá|team is checking"
)
_CASES = (
    "complaint.opened",
    "dispute.opened",
    "vulnerability.reported",
    "handoff.requested",
    "payment.reported",
)
_ANEW = frozenset({"mandate.expired", "mandate.changed"})
"""Terms of days ago, or of what was due before a payment landed: they are shown anew."""
_MONEY = ("$", "MXN", "adeudo", "vencid", "atraso", "owe")


_CHARGE_OFF = ("charge.cancelled", "payment_report.no_charge", "promise.no_charge")
"""Says after all that a charge is not made: «sí», and in the same breath «ya pagué»."""


@dataclass(slots=True)
class Seen:
    """One turn: what was written, what came of it. `written` is null where something else happened."""

    written: Written | None
    outcome: str
    handler_before: str
    handler: str
    """Who has the conversation after it."""
    proved: bool
    """Whether the person who has the phone had given the right birthday, and nobody claimed to be another."""
    arrived: Sequence[Outgoing]
    rows: Sequence[AnyRow]
    """What was queued for it."""
    kinds: Sequence[str]
    """Ledger kinds that it added."""
    ever: AbstractSet[str]
    """Ledger kinds so far."""
    tasks: AbstractSet[str]
    """Kinds of what waits for a person in this conversation."""
    silent_hours: int = 0
    paid: int = 0
    """Payments of these loans that landed so far."""
    charge_days: AbstractSet[str] = frozenset()
    """Of the charges that are planned or announced."""

    @property
    def lines(self) -> list[tuple[str, dict[str, Any]]]:
        """What was queued, by its keys and values."""
        return [(key, values) for row in self.rows for key, values in (row.wording or {}).get("lines", ())]

    @property
    def keys(self) -> list[str]:
        return [key for key, _ in self.lines]


@dataclass(slots=True)
class Judge:
    """Counts, and the faults with what led to them."""

    place: str = ""
    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    recent: list[str] = field(default_factory=list)
    transcript: list[str] = field(default_factory=list)
    since: Counter[str] = field(default_factory=Counter)
    """Messages out since it was last wished for."""
    thanked: int = 0
    """For payments that landed, in this conversation."""
    others: tuple[str, ...] = ()
    """What only the other person of a shared phone may read."""

    def begin(self, mood: str, others: tuple[str, ...] = ()) -> None:
        self.recent.clear()
        self.since.clear()
        self.thanked, self.others = 0, others
        self.counts["conversations"] += 1
        self.transcript[:] = [f"({self.place}, conversation {self.counts['conversations']}, {mood})"]

    def add(self, other: "Judge") -> None:
        self.counts += other.counts
        self.faults += other.faults

    def fault(self, what: str) -> None:
        self.counts[f"fault: {what}"] += 1
        if len(self.faults) < 400:
            self.faults.append("\n    ".join([what, self.transcript[0], *self.transcript[1:][-8:]]))

    def look(self, seen: Seen) -> None:
        self.counts["out"] += len(seen.arrived)
        if seen.written:
            self.counts["in"] += 1
            self.transcript.append(f"> {seen.written.text}  [{seen.written.meaning}]")
        elif seen.silent_hours:
            self.transcript.append(f"({seen.silent_hours} hours later)")
        self.transcript += [f"{'<' if seen.written else '~'} {outgoing.text}" for outgoing in seen.arrived]
        self.counts["doubts"] += any(key.startswith(_DOUBT) for key in seen.keys)
        if seen.outcome == "unprocessed":
            self.fault("a turn raised")
        if seen.written:
            self._answered(seen, seen.written)
            self._acts(seen, seen.written)
        for outgoing in seen.arrived:
            self._words(seen, outgoing)
        self._kept(seen)
        self._money(seen)

    def _answered(self, seen: Seen, written: Written) -> None:
        for what, wish, kind in _AIMS:
            self.since[what] = len(seen.arrived) + (
                0 if written.meaning.startswith(wish) else self.since[what]
            )
            if kind in seen.kinds:
                self.counts[f"{what}s"] += 1
                self.counts[f"out for {what}"] += self.since[what]
        parted = (
            written.meaning in _CALLS_FOR_NOTHING and not seen.proved and "contact_point.closed" in seen.ever
        )
        if seen.handler_before == "bot" and not seen.rows and not parted:
            self.fault("no answer")
        elif seen.handler_before != "bot" and seen.rows:
            self.fault("an answer while a person has the conversation")

    def _acts(self, seen: Seen, written: Written) -> None:
        meanings = {written.meaning, written.also} - {""}
        given = meanings | {"yes"} if written.text.lower().startswith(_AGREES) else meanings
        if _NEXT in written.text:
            given.add("several")
        anew = not _ANEW.isdisjoint(seen.keys)
        for kind, reasons in _NEEDS.items():
            replaced = kind == "mandate.cancelled" and (anew or "mandate.requested" in seen.kinds)
            if kind in seen.kinds and given.isdisjoint(reasons) and not replaced:
                self.fault(f"{kind} by «{written.meaning}»")
        known = seen.proved or "contact_point.closed" not in seen.ever
        heeded = meanings - {"opt_out"} if "hours" in meanings else meanings
        for meaning in sorted(heeded & _HEARD.keys()):
            answerable = seen.handler_before == "bot" or meaning != "accept"
            happened = _HEARD[meaning] in seen.ever or (anew and meaning == "accept")
            if written.exact and known and answerable and not happened:
                self.fault(f"«{meaning}» is lost")
        shown = any(written.text[-4:] in each.text for each in seen.arrived)
        if written.meaning == "clabe" and seen.handler_before == "bot" and not shown:
            self.fault("an account is lost")
        if written.meaning in _ANSWERS and written.exact and any(key.startswith(_DOUBT) for key in seen.keys):
            self.fault(f"the answer «{written.meaning}» is doubted")

    def _words(self, seen: Seen, outgoing: Outgoing) -> None:
        self.recent = [*self.recent[-2:], outgoing.text]
        self.counts["said twice in a row"] += len(set(self.recent[-2:])) < len(self.recent[-2:])
        if len(self.recent) == 3 and len(set(self.recent)) == 1:
            self.fault("the same answer three times")
        numbered = outgoing.choices and len(outgoing.text) > WITH_BUTTONS
        body = as_numbered(outgoing.text, outgoing.choices) if numbered else outgoing.text
        if len(body) > LONGEST:
            self.fault("a message that is too long")
        text = outgoing.text.replace(LENDER, "")
        topic = any(key.startswith("topic") for key in seen.keys)
        stranger = any(key.startswith(("stranger", "loan_request")) for key in seen.keys)
        for each in faults(text, _RULES, known=seen.proved):
            if (each.code == "debt_to_stranger" and not stranger) or (each.code == "threat" and not topic):
                self.fault(f"{each.code}: {each.found}")
        if not seen.proved and any(word in text for word in _MONEY):
            self.fault("money before identity")
        if any(fact in text for fact in self.others):
            self.fault("what is the other person's on a shared phone")

    def _kept(self, seen: Seen) -> None:
        for key in seen.keys:
            if _WORD_GIVEN.get(key, "") not in ("", *seen.tasks):
                self.fault(f"nobody keeps the word of {key}")
        promised = any(_SOMEBODY.search(outgoing.text) for outgoing in seen.arrived)
        waits = seen.handler != "bot" or seen.tasks or not seen.ever.isdisjoint(_CASES)
        if promised and not waits:
            self.fault("nobody keeps the word that somebody answers")

    def _money(self, seen: Seen) -> None:
        """A payment is thanked for once; a charge that is said to be moved or off is."""
        thanks = sum(key in _THANKS for key in seen.keys)
        self.thanked += thanks
        self.counts["thanks"] += thanks
        known = seen.proved and seen.handler_before == "bot" and _SILENT.isdisjoint(seen.ever)
        if known and "payment.posted" in seen.kinds and not thanks:
            self.fault("no thanks for a payment that landed")
        if self.thanked > seen.paid:
            self.fault("thanks for a payment that did not land, or twice")
        for place, (name, values) in enumerate(seen.lines):
            self.counts["charges moved"] += name == "charge.moved"
            off = {line["charge_on"]["day"] for key, line in seen.lines[place:] if key in _CHARGE_OFF}
            if name == "charge.moved" and values["to"]["day"] not in seen.charge_days | off:
                self.fault("a charge is not on the day that it was moved to")
            if name == "charge.cancelled" and values["charge_on"]["day"] in seen.charge_days:
                self.fault("a charge that is off stands")

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
        ]
        lines += [f"{name}: {number}" for name, number in counts.items() if name.startswith("fault")]
        return "\n".join(lines)

    def _per(self, what: str) -> str:
        number = self.counts[f"{what}s"]
        return f"{self.counts[f'out for {what}'] / number:.1f}" if number else "no"
