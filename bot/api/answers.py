"""The API's answers, described: what is published in the OpenAPI document, and what a test holds every answer
against.
"""

from datetime import date
from typing import Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict

from bot.reach import Health
from flows.types.effects import Expecting


class Answer(BaseModel):
    """Every field is present; those that may be null are declared so. Fields may be added."""

    model_config = ConfigDict(extra="allow")


class OutstandingOut(Answer):
    principal: int
    interest: int
    late_fees: int
    tax: int
    total: int


class BorrowerOut(Answer):
    external_id: str
    name: str
    phone: str | None
    email: str | None
    language: str
    preferred_channel: str | None
    opted_out: bool


class DueOut(Answer):
    date: date
    amount: int


class InstalmentOut(Answer):
    number: int
    due_date: date
    amount: int
    unpaid: int
    unpaid_principal: int
    unpaid_interest: int
    unpaid_late_fees: int
    unpaid_tax: int


class MandateOut(Answer):
    status: Literal[
        "draft",
        "requested",
        "authorized",
        "submitted",
        "active",
        "suspended",
        "disputed",
        "rejected",
        "cancelled",
        "expired",
    ]
    folio: str
    clabe_masked: str
    bank: str
    max_amount: int
    frequency: str
    authorized_at: AwareDatetime | None


class PlanInstalmentOut(Answer):
    date: date
    amount: int
    paid: int
    status: str


class AllowedOut(Answer):
    """What policy allows, and the table of the policy that says so."""

    kind: str
    parts: int
    frequency: str
    first_by: date
    last_by: date
    smallest: int
    discount: int
    rule: str
    needs_person: str | None


class RefusedOut(Answer):
    kind: str
    rule: str


class OfferOut(Answer):
    id: str
    at: AwareDatetime
    kind: Literal["plan", "settlement", "extension"]
    total: int
    discount: int
    frequency: str
    rule: str
    policy: str
    folio: str | None
    valid_until: date
    instalments: list[PlanInstalmentOut]
    status: Literal["offered", "active", "kept", "broken", "cancelled"]


class DocumentOut(Answer):
    id: str
    kind: Literal["agreement", "statement", "settlement_letter", "receipt", "mandate"]
    issued_at: AwareDatetime
    sha256: str
    code: str | None
    folio: str | None


class DocumentsOut(Answer):
    documents: list[DocumentOut]


class PageOut(Answer):
    url: str
    expires_at: AwareDatetime


class PageRevokedOut(Answer):
    revoked_at: AwareDatetime


class OffersOut(Answer):
    policy: str
    allowed: list[AllowedOut]
    refused: list[RefusedOut]
    made: list[OfferOut]


class PlanOut(Answer):
    folio: str
    kind: Literal["plan", "settlement", "extension"]
    status: Literal["offered", "active", "kept", "broken", "cancelled"]
    total: int
    discount: int
    agreed_at: AwareDatetime
    instalments: list[PlanInstalmentOut]


class PromisePartOut(Answer):
    date: date
    amount: int


class PromiseOut(Answer):
    """`rest`: the payments that were promised with it for later days."""

    date: date
    amount: int
    paid: int
    status: Literal["open", "kept", "partial", "broken", "cancelled"]
    rest: list[PromisePartOut]


class HoldOut(Answer):
    """`by`: the actor that placed it."""

    kind: str
    since: AwareDatetime
    by: str | None
    until: AwareDatetime | None


class LoanOut(Answer):
    external_id: str
    borrower: BorrowerOut
    currency: Literal["MXN"]
    status: Literal["current", "overdue", "disputed", "written_off", "settled"]
    product: str | None
    outstanding: OutstandingOut
    dpd: int
    next_due: DueOut | None
    instalments: list[InstalmentOut]
    mandate: MandateOut | None
    plan: PlanOut | None
    promise: PromiseOut | None
    credit: int
    in_transit: int
    holds: list[HoldOut]
    flags: list[str]
    as_of: date | None


class AppliedLoanOut(LoanOut):
    """`applied`: what the call did; `older` changed nothing, because a later state is known."""

    applied: Literal["created", "updated", "unchanged", "older"]


class FeaturesOut(Answer):
    """Counts over all loans of the borrower, as they stand. `first_payment_missed`: the first instalment of a
    loan was open three days after it was due, as the ledger knew it then; null where no loan tells.
    `refusals`: messages read as a refusal to pay. `enrolled`: a mandate is active now.
    """

    borrower: str
    loans: int
    loans_settled: int
    loans_written_off: int
    dpd: int
    first_payment_missed: bool | None
    promises_made: int
    promises_kept: int
    promises_partial: int
    promises_broken: int
    promises_cancelled: int
    plans_agreed: int
    plans_kept: int
    plans_broken: int
    payments: int
    refusals: int
    disputes: int
    hardships: int
    complaints: int
    opt_outs: int
    wrong_party_reports: int
    contact_points: int
    contact_points_unusable: int
    contacts_sent: int
    contacts_delivered: int
    contacts_read: int
    contacts_failed: int
    contacts_replied: int
    enrolled: bool
    mandates_activated: int
    charges_collected: int
    charges_returned: int
    charges_reversed: int


class FeaturesPageOut(Answer):
    borrowers: list[FeaturesOut]
    next_cursor: str | None


class RowFaultOut(Answer):
    field: str
    reason: str


class LoanRowOut(Answer):
    external_id: str | None
    applied: Literal["created", "updated", "unchanged", "older", "refused"]
    errors: list[RowFaultOut]


class LoanRowsOut(Answer):
    loans: list[LoanRowOut]


class LoansOut(Answer):
    loans: list[LoanOut]
    next_cursor: str | None


class ContactPointOut(Answer):
    channel: str
    address: str
    status: str
    health: Health
    worked_at: AwareDatetime | None
    confirmed_at: AwareDatetime | None


class PersonOut(BorrowerOut):
    contact_points: list[ContactPointOut]
    flags: list[str]
    loans: list[LoanOut]


class TaskOut(Answer):
    id: str
    kind: str
    loan: str | None
    conversation: str | None
    at: AwareDatetime
    data: dict[str, Any]


class TasksOut(Answer):
    tasks: list[TaskOut]
    next_cursor: str | None


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


class ChoiceOut(Answer):
    payload: str
    title: str


class MessageOut(Answer):
    id: str
    direction: Literal["in", "out"]
    author: Literal["borrower", "bot", "agent"]
    channel: str
    body: str
    choices: list[ChoiceOut]
    status: Literal[
        "queued",
        "sending",
        "sent",
        "delivered",
        "read",
        "failed",
        "suppressed",
        "unknown",
        "received",
        "unprocessed",
    ]
    at: AwareDatetime


class ConversationOut(Answer):
    handler: Literal["bot", "queue", "agent"]
    flow: str | None
    state: str | None
    expecting: Expecting | None
    channel: str
    messages: list[MessageOut]


class ContactOut(Answer):
    id: str
    status: Literal["recorded", "duplicate"]
    channel: Literal["call", "visit"]
    outcome: Literal["answered", "message_left", "no_answer", "wrong_person"]
    at: AwareDatetime


class OutreachOut(Answer):
    flow: str
    not_before: AwareDatetime


class WrittenOut(Answer):
    """`message` is null for what waits to be said; `reason` is the rule that held it back, or why it failed;
    `because` names strategy with version, step, variant, flow and tone, or the event that caused it.
    """

    message: str | None
    at: AwareDatetime
    channel: str | None
    status: str
    reason: str | None
    loan: str | None
    because: dict[str, str | None]


class NextOut(Answer):
    """What is due first if nothing changes."""

    day: date
    loan: str
    strategy: str
    step: str
    variant: str
    flow: str
    tone: str
    channel: str


class ExplainedOut(Answer):
    """`held_out`: no strategy writes to them, so that what would have been paid anyway is known."""

    held_out: bool
    best_hour: int | None
    written: list[WrittenOut]
    next: NextOut | None


class MetricRowOut(Answer):
    """What the row is about stands next to the sums; `value` is null where there is nothing to divide by."""

    numerator: int
    denominator: int
    value: float | None


class MetricOut(Answer):
    name: str
    title: str
    definition: str
    unit: Literal["ratio", "days"]
    rows: list[MetricRowOut]


class FaultOut(Answer):
    field: str
    reason: str


class ProblemOut(Answer):
    """RFC 9457. `rule` names the contact rule that forbids an outreach."""

    type: str
    title: str
    status: int
    errors: list[FaultOut] | None = None
    rule: str | None = None
