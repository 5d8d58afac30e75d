"""Money of the world as it was reported: one inflow, however many reports speak of it."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, OneOf

RAILS = ("spei", "cash", "card", "debit", "transfer", "check", "other")
SOURCES = ("api", "file", "debit", "agent")
REPORT_STATES = ("posted", "duplicate", "review", "dismissed")


class Inflow(Base):
    """One inflow of the real world, posted by one entry of the ledger."""

    __tablename__ = "inflow"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    entry_id: Mapped[int] = mapped_column(BigInt, ForeignKey("ledger_entry.id"), unique=True)
    amount: Mapped[Centavos]
    charge_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("charge.id"), unique=True)
    """The debit by which it came."""
    credited_from: Mapped[date | None]
    """Of a debit: between which days the lender's bank may date it."""
    credited_until: Mapped[date | None]
    created_at: Mapped[datetime]
    reversed_at: Mapped[datetime | None]

    __table_args__ = (CheckConstraint("amount > 0", name="amount"), Index("ix_inflow_loan_id", "loan_id"))


inflow_table = Inflow.__table__


class PaymentReport(Base):
    """What one source reported of money: its own reference, rail and value date. Without an inflow while a
    person decides whether it is another's.
    """

    __tablename__ = "payment_report"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    inflow_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("inflow.id"))
    source: Mapped[str] = mapped_column(OneOf(SOURCES, 8))
    rail: Mapped[str] = mapped_column(OneOf(RAILS, 12))
    reference: Mapped[str] = mapped_column(String(64))
    amount: Mapped[Centavos]
    paid_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(OneOf(REPORT_STATES, 12))
    charge_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("charge.id"))
    credited_from: Mapped[date | None]
    credited_until: Mapped[date | None]
    candidates: Mapped[list[Any]]
    """Ids of the inflows that it may be, where a person decides."""
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None] = mapped_column(String(64))

    __table_args__ = (
        CheckConstraint("amount > 0", name="amount"),
        Index("ix_payment_report_loan_id", "loan_id"),
        Index("ix_payment_report_inflow_id", "inflow_id"),
        Index(
            "ix_payment_report_review",
            "loan_id",
            sqlite_where=text("status = 'review'"),
            postgresql_where=text("status = 'review'"),
        ),
    )


payment_report_table = PaymentReport.__table__
