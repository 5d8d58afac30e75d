"""The append-only ledger: entries chained by hash per loan, and the postings of those that move money."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, OneOf
from models.trace import LENGTH

LEDGER_KINDS = (
    "loan.opened",
    "loan.adjusted",
    "loan.settled",
    "accrual.posted",
    "contact.sent",
    "contact.delivered",
    "contact.read",
    "contact.failed",
    "contact.suppressed",
    "contact.replied",
    "contact.recorded",
    "contact_point.closed",
    "preference.recorded",
    "identity.confirmed",
    "identity.failed",
    "wrong_party.reported",
    "promise.made",
    "promise.kept",
    "promise.partial",
    "promise.broken",
    "promise.cancelled",
    "promise.reopened",
    "plan.offered",
    "plan.agreed",
    "plan.kept",
    "plan.broken",
    "plan.cancelled",
    "extension.granted",
    "settlement.offered",
    "settlement.agreed",
    "mandate.requested",
    "mandate.authorized",
    "mandate.submitted",
    "mandate.active",
    "mandate.rejected",
    "mandate.suspended",
    "mandate.disputed",
    "mandate.cancelled",
    "mandate.expired",
    "charge.notified",
    "charge.moved",
    "charge.submitted",
    "charge.unknown",
    "charge.collected",
    "charge.settled",
    "charge.returned",
    "charge.cancelled",
    "charge.reversed",
    "payment.reported",
    "payment.posted",
    "payment.reversed",
    "payment.reallocated",
    "refund.posted",
    "waiver.granted",
    "write_off.posted",
    "recovery.posted",
    "hold.placed",
    "hold.lifted",
    "dispute.opened",
    "dispute.resolved",
    "hardship.reported",
    "vulnerability.reported",
    "complaint.opened",
    "complaint.resolved",
    "privacy.requested",
    "privacy.answered",
    "optout.recorded",
    "optin.recorded",
    "document.issued",
    "handoff.requested",
    "handoff.taken",
    "handoff.released",
)


class LedgerEntry(Base):
    """One fact about one loan. `data` holds ids, codes, dates and amounts, never personal data."""

    __tablename__ = "ledger_entry"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    seq: Mapped[int]
    kind: Mapped[str] = mapped_column(OneOf(LEDGER_KINDS, 32))
    at: Mapped[datetime]
    """When it was written."""
    actor: Mapped[str] = mapped_column(String(64))
    """Who caused it: `borrower:ID`, `agent:ID`, `lender:KEY`, `system:SWEEP`, `provider:NAME`."""
    data: Mapped[dict[str, Any]]
    key: Mapped[str | None] = mapped_column(String(120), unique=True)
    """Idempotency key: the same fact is written once."""
    reverses_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("ledger_entry.id"), unique=True)
    """The entry that this one undoes; unique, so that nothing is undone twice."""
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    trace: Mapped[str | None] = mapped_column(String(LENGTH))
    """See `models/trace.py`. No part of the hash."""

    __table_args__ = (
        UniqueConstraint("loan_id", "seq"),
        Index("ix_ledger_entry_kind", "kind", "at"),
    )


ledger_entry_table = LedgerEntry.__table__


_BY_TAPE = text("account = 'tape'")


class Posting(Base):
    """A leg of an entry that moves money; the legs of one entry sum to zero."""

    __tablename__ = "posting"

    id: Mapped[Key]
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"))
    account: Mapped[str] = mapped_column(String(48))
    """`receivable:3:principal`; `transit:PROVIDER` for what a provider collected and has not settled, then
    `bank`; `fees:PROVIDER`, `unapplied`, `funding`, `adjustments`, `tape` (what
    only a tape counts as paid), `paid_before` (the first one), `waived`, `written_off`.
    """
    amount: Mapped[Centavos]

    __table_args__ = (
        Index("ix_posting_entry_id", "entry_id"),
        Index("ix_posting_tape", "entry_id", postgresql_where=_BY_TAPE, sqlite_where=_BY_TAPE),
    )


posting_table = Posting.__table__
