"""A borrower, and what is known of them."""

from datetime import date
from typing import Any

from pydantic import AwareDatetime

from bot.api.answers.base import Answer
from bot.api.answers.loans import BorrowerOut, LoanOut
from bot.reach import Health


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


class ExportOut(Answer):
    """`records`: by kind, each with all its columns; files are fetched as documents."""

    external_id: str
    records: dict[str, Any]


class KeptOut(Answer):
    what: str
    kept_until: date | None
    why: str


class ErasedOut(Answer):
    erased_at: AwareDatetime
    kept: list[KeptOut]


class PageOut(Answer):
    url: str
    expires_at: AwareDatetime


class PageRevokedOut(Answer):
    revoked_at: AwareDatetime
