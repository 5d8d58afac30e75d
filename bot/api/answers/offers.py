"""What policy allows, what was offered, and the papers of what was agreed."""

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from bot.api.answers.base import Answer
from bot.api.answers.loans import PlanInstalmentOut


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


class OffersOut(Answer):
    policy: str
    allowed: list[AllowedOut]
    refused: list[RefusedOut]
    made: list[OfferOut]


class DocumentOut(Answer):
    id: str
    kind: Literal["agreement", "statement", "settlement_letter", "receipt", "mandate"]
    issued_at: AwareDatetime
    sha256: str
    code: str | None
    folio: str | None


class DocumentsOut(Answer):
    documents: list[DocumentOut]
