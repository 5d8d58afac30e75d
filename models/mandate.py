"""A direct-debit mandate, with the ten points of its terms, and the evidence of its consent."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, one_of

MANDATE_STATES = (
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
)
ACTIVE_STATES = ("active", "suspended", "disputed")
"""The borrower gave it and the provider holds it, whether or not it may be charged now."""
ACTIVE = "status IN ('active', 'suspended', 'disputed')"
DUE = "due_at IS NOT NULL"
PENDING_STATES = ("draft", "requested", "authorized", "submitted")
LIVE_STATES = ("requested", "authorized", "submitted", *ACTIVE_STATES)
"""The borrower was asked for it, and it has not ended."""
PENDING = "status IN ('draft', 'requested', 'authorized', 'submitted')"


class Mandate(Base):
    """Immutable but for `status` and the provider's ids: other terms are another mandate."""

    __tablename__ = "mandate"

    id: Mapped[Key]
    folio: Mapped[str] = mapped_column(String(24), unique=True)
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    bank_account_id: Mapped[int] = mapped_column(BigInt, ForeignKey("bank_account.id"))
    status: Mapped[str] = mapped_column(String(12), default="draft")
    max_amount: Mapped[Centavos]
    """Most that may be charged in one billing period."""
    frequency: Mapped[str] = mapped_column(String(16))
    valid_until: Mapped[date | None]
    terms_version: Mapped[str] = mapped_column(String(32))
    terms_text: Mapped[str] = mapped_column(Text)
    """The words as the borrower saw them, account masked."""
    terms_hash: Mapped[str] = mapped_column(String(64))
    provider: Mapped[str] = mapped_column(String(16))
    provider_refs: Mapped[dict[str, Any]]
    requested_at: Mapped[datetime | None]
    authorized_at: Mapped[datetime | None]
    document: Mapped[bytes | None] = mapped_column(LargeBinary)
    document_hash: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    """When the provider is next to be called about it: to submit, to ask, to cancel, as its state says. Null:
    never.
    """
    claimed_at: Mapped[datetime | None]
    """Machine time at which a worker took it up; an old one was left behind."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    """Calls in a row that failed."""
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("status", MANDATE_STATES),
        CheckConstraint("max_amount > 0", name="max_amount"),
        Index(
            "uq_mandate_active",
            "loan_id",
            unique=True,
            sqlite_where=text(ACTIVE),
            postgresql_where=text(ACTIVE),
        ),
        Index(
            "uq_mandate_pending",
            "loan_id",
            unique=True,
            sqlite_where=text(PENDING),
            postgresql_where=text(PENDING),
        ),
        Index("ix_mandate_loan_id", "loan_id"),
        Index("ix_mandate_status", "status"),
        Index("ix_mandate_due_at", "due_at", sqlite_where=text(DUE), postgresql_where=text(DUE)),
    )


mandate_table = Mandate.__table__


class Consent(Base):
    """Who agreed to which words: both messages, their times, the hash, how the person was known."""

    __tablename__ = "consent"

    id: Mapped[Key]
    mandate_id: Mapped[int] = mapped_column(BigInt, ForeignKey("mandate.id"), unique=True)
    asked_message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("message.id"))
    answered_message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("message.id"))
    answer_text: Mapped[str] = mapped_column(String(200))
    terms_hash: Mapped[str] = mapped_column(String(64))
    identity: Mapped[dict[str, Any]]
    """How and when identity was confirmed: `{confirmed_at, factor, contact_point_id}`."""
    at: Mapped[datetime]


consent_table = Consent.__table__
