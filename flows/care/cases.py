"""A case that somebody answers: its folio, the day by which the answer comes, and what waits for it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flows.types.effects import Effect, OpenTask, PlaceHold, Record
from flows.types.facts import Facts
from flows.types.wording import Key, Line, key, line
from values import LoanId, add_banking_days

FOLIO = key("case.folio")
STILL_OPEN = key("case.still_open")

_SINCE = datetime(2020, 1, 1, tzinfo=UTC)
_KINDS = {
    "dispute": ("A", "dispute.opened"),
    "complaint": ("Q", "complaint.opened"),
    "privacy_request": ("P", "privacy.requested"),
}
"""The letter of its folio, and its entry in the ledger."""
_HOLDING = ("dispute", "complaint")


@dataclass(frozen=True, slots=True)
class Case:
    folio: str
    due: date
    says: Key
    effects: tuple[Effect, ...]

    @property
    def words(self) -> Line:
        return line(self.says, folio=self.folio, due_date=self.due)


def case(facts: Facts, kind: str, loan_id: LoanId | None = None, **about: str) -> Case:
    """A new one, of one loan or of all; where one of its kind is open, that one goes on."""
    held = (PlaceHold(kind, loan_id),) if kind in _HOLDING else ()
    for known in facts.cases:
        if known.kind == kind:
            joined = OpenTask(kind, {}, loan_id, joins=True)
            return Case(known.folio, known.due, STILL_OPEN, (*held, joined))
    letter, entry = _KINDS[kind]
    policy = facts.policy
    private = kind == "privacy_request"
    days = policy.privacy_answer_banking_days if private else policy.complaint_answer_banking_days
    due = add_banking_days(facts.today, days)
    folio = f"{letter}-{(facts.now - _SINCE) // timedelta(milliseconds=1):X}"
    data = {**about, "folio": folio, "due": due.isoformat()}
    opened = OpenTask(kind, data, loan_id, joins=not private, due=due)
    return Case(folio, due, FOLIO, (Record(entry, data, loan_id), *held, opened))
