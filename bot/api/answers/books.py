"""Ledger entries, events and payments."""

from typing import Any, Literal

from pydantic import AwareDatetime

from bot.api.answers.base import Answer
from bot.api.answers.loans import LoanOut


class PostingOut(Answer):
    account: str
    amount: int


class EntryOut(Answer):
    seq: int
    kind: str
    at: AwareDatetime
    actor: str
    data: dict[str, Any]
    postings: list[PostingOut]
    hash: str


class LedgerOut(Answer):
    entries: list[EntryOut]
    next_cursor: str | None


class EventOut(Answer):
    """`data` is the ledger entry with its `loan` and `borrower`, or the task."""

    id: str
    position: int
    type: str
    timestamp: AwareDatetime
    data: dict[str, Any]


class EventsOut(Answer):
    events: list[EventOut]
    next: str
    next_cursor: str | None


class PaymentOut(Answer):
    """`duplicate`: its money was posted before, and nothing was posted now; `review`: a person decides."""

    id: str
    status: Literal["posted", "duplicate", "review", "reversed", "dismissed"]
    loan: str
    amount: int
    currency: Literal["MXN"]
    paid_at: AwareDatetime
    rail: str
    reference: str
    source: str
    entry: int | None
    seq: int | None
    reports: list[str]
    reversed_at: AwareDatetime | None


class AdjustedOut(Answer):
    entry: int
    loan: LoanOut
