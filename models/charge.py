"""A direct debit of one instalment under a mandate: one open at a time, at most three attempts, each with a
key of its own.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, one_of

CHARGE_STATES = (
    "planned",
    "notified",
    "submitting",
    "submitted",
    "processing",
    "collected",
    "settled",
    "returned",
    "cancelled",
    "unknown",
    "reversed",
)
_OF_PLAN = "plan_instalment_id IS NOT NULL"
OPEN_CHARGE = "status IN ('planned', 'notified', 'submitting', 'submitted', 'processing', 'unknown')"
ANNOUNCED_CHARGE = (
    "(status IN ('notified', 'submitting', 'submitted', 'processing', 'unknown')"
    " OR status = 'planned' AND notice_message_id IS NOT NULL)"
)
"""Its borrower was notified, or is being notified: nobody is reminded of what is about to be charged."""


class Charge(Base):
    __tablename__ = "charge"

    id: Mapped[Key]
    mandate_id: Mapped[int] = mapped_column(BigInt, ForeignKey("mandate.id"))
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    instalment_id: Mapped[int] = mapped_column(BigInt, ForeignKey("instalment.id"))
    plan_instalment_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("plan_instalment.id"))
    """The part of a plan that it collects, under the instalment that the part pays first."""
    attempt: Mapped[int]
    amount: Mapped[Centavos]
    status: Mapped[str] = mapped_column(String(12), default="planned")
    planned_due_date: Mapped[date | None]
    """The instalment's due date as of which it was planned."""
    charge_on: Mapped[date]
    """The banking day on which it is submitted."""
    expected_on: Mapped[date | None]
    """The day that its borrower was given last; null where none was."""
    key: Mapped[str] = mapped_column(String(64), unique=True)
    """Ours, permanent: the provider's reference and idempotency key."""
    provider: Mapped[str] = mapped_column(String(16))
    provider_id: Mapped[str | None] = mapped_column(String(64))
    return_code: Mapped[str | None] = mapped_column(String(16))
    return_text: Mapped[str | None] = mapped_column(String(200))
    notice_message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    notified_at: Mapped[datetime | None]
    submitted_at: Mapped[datetime | None]
    collected_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    checked_at: Mapped[datetime | None]
    """When the provider was last asked for its result; null: ask now (a webhook hinted at news)."""
    failing_since: Mapped[datetime | None]
    """Since when the provider has not answered about it."""
    retry: Mapped[str | None] = mapped_column(String(12))
    """`payday` or `technical`, where it is another attempt."""
    announced_amount: Mapped[Centavos | None]
    """As its notice named it, where less is charged."""
    failed_notices: Mapped[int] = mapped_column(default=0, server_default="0")
    """How often it was moved because its notice did not leave."""
    entry_id: Mapped[int | None] = mapped_column(BigInt)
    """The ledger entry that holds its money."""
    claimed_at: Mapped[datetime | None]
    """Machine time of the last claim for submission; with `claimed_by` it identifies the claim."""
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    submit_after: Mapped[datetime | None]
    """Machine time before which it is not submitted again."""
    cancel_asked_at: Mapped[datetime | None]
    """When we asked the provider to cancel it."""
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("status", CHARGE_STATES),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("instalment_id", "attempt"),
        Index(
            "uq_charge_open",
            "instalment_id",
            unique=True,
            sqlite_where=text(OPEN_CHARGE),
            postgresql_where=text(OPEN_CHARGE),
        ),
        Index("ix_charge_due", "status", "charge_on"),
        Index("ix_charge_look", "status", "checked_at"),
        Index("ix_charge_loan_id", "loan_id"),
        Index(
            "ix_charge_plan_instalment_id",
            "plan_instalment_id",
            sqlite_where=text(_OF_PLAN),
            postgresql_where=text(_OF_PLAN),
        ),
    )


charge_table = Charge.__table__
