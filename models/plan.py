"""An agreement on how a debt is paid: a plan in parts, a settlement, an extension; offered first, then in
force.
"""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, one_of, word
from models.instalment import instalment_table
from models.loan import loan_table

PLAN_KINDS = ("plan", "settlement", "extension")
PLAN_STATES = ("offered", "active", "kept", "broken", "cancelled")
PART_STATES = ("open", "kept", "missed")
_ACTIVE = "status = 'active'"
_OFFERED = "status = 'offered'"
_JUDGED = "status IN ('active', 'kept', 'broken')"


class Plan(Base):
    """Its terms do not change, but for a missed part that is moved to the end once."""

    __tablename__ = "plan"

    id: Mapped[Key]
    folio: Mapped[str | None] = mapped_column(String(24), unique=True)
    """Null until it is agreed."""
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(String(12))
    status: Mapped[str] = mapped_column(String(12), default="offered")
    key: Mapped[str] = mapped_column(String(24))
    """Of its terms: the same offer is made once."""
    total: Mapped[Centavos]
    discount: Mapped[Centavos]
    frequency: Mapped[str] = mapped_column(String(16))
    rule: Mapped[str] = mapped_column(String(48))
    """The table of the policy that allows it, and that policy's version."""
    policy_version: Mapped[str] = mapped_column(String(12))
    offered_on: Mapped[date]
    """The day as of which it was computed."""
    valid_until: Mapped[date]
    covers_until: Mapped[date]
    """It says how the instalments that fall due up to this day are paid."""
    by_debit: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether its parts are charged under the loan's mandate."""
    offered_at: Mapped[datetime]
    agreed_at: Mapped[datetime | None]
    terms_text: Mapped[str | None] = mapped_column(Text)
    """The words as the borrower saw them when they agreed."""
    terms_hash: Mapped[str | None] = mapped_column(String(64))
    asked_message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    answered_message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    judged_seq: Mapped[int] = mapped_column(default=0, server_default="0")
    """The head of the loan's ledger when its parts were last counted."""
    judged_on: Mapped[date | None]

    __table_args__ = (
        one_of("kind", PLAN_KINDS),
        one_of("status", PLAN_STATES),
        CheckConstraint("total > 0", name="total"),
        CheckConstraint("discount >= 0", name="discount"),
        Index(
            "uq_plan_active",
            "loan_id",
            unique=True,
            sqlite_where=text(_ACTIVE),
            postgresql_where=text(_ACTIVE),
        ),
        Index(
            "uq_plan_offered",
            "loan_id",
            "key",
            unique=True,
            sqlite_where=text(_OFFERED),
            postgresql_where=text(_OFFERED),
        ),
        Index("ix_plan_loan_id", "loan_id"),
        Index("ix_plan_judged", "judged_on", sqlite_where=text(_JUDGED), postgresql_where=text(_JUDGED)),
    )


plan_table = Plan.__table__


class PlanInstalment(Base):
    """One part of an agreement. `paid`, with what of it is owed no more, and `status` follow from the
    ledger.
    """

    __tablename__ = "plan_instalment"

    id: Mapped[Key]
    plan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("plan.id"))
    number: Mapped[int]
    due_date: Mapped[date]
    amount: Mapped[Centavos]
    paid: Mapped[Centavos] = mapped_column(default=0, server_default="0")
    status: Mapped[str] = mapped_column(String(8), default="open")
    moved_from: Mapped[date | None]
    """Its first day, where it was missed and moved to the end."""

    __table_args__ = (
        one_of("status", PART_STATES),
        CheckConstraint("amount > 0", name="amount"),
        UniqueConstraint("plan_id", "number"),
    )


plan_instalment_table = PlanInstalment.__table__


def covered_by_plan() -> ColumnElement[bool]:
    """Of an instalment: an agreement in force says how it is paid, so that it is neither chased nor
    charged.
    """
    return (
        select(plan_table.c.id)
        .where(
            plan_table.c.loan_id == instalment_table.c.loan_id,
            plan_table.c.status == word("active"),
            or_(
                plan_table.c.kind == word("settlement"),
                plan_table.c.covers_until >= instalment_table.c.due_date,
            ),
        )
        .correlate(instalment_table)
        .exists()
    )


def plan_in_force() -> ColumnElement[bool]:
    """Of a loan: an agreement is in force, with reminders of its own."""
    return (
        select(plan_table.c.id)
        .where(plan_table.c.loan_id == loan_table.c.id, plan_table.c.status == word("active"))
        .correlate(loan_table)
        .exists()
    )
