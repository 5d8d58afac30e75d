"""A promise to pay: an amount by a day, confirmed by the borrower, judged by the ledger."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, one_of

PROMISE_STATES = ("open", "kept", "partial", "broken", "cancelled")
OPEN = "status = 'open'"


class Promise(Base):
    __tablename__ = "promise"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    """The borrower's yes."""
    amount: Mapped[Centavos]
    due_date: Mapped[date]
    expires_on: Mapped[date]
    """Last day of grace: two banking days after `due_date`."""
    status: Mapped[str] = mapped_column(String(12), default="open")
    made_at: Mapped[datetime]
    rest_amount: Mapped[Centavos | None]
    """What the same yes promised for a second day; it becomes a promise of its own once this one is kept."""
    rest_date: Mapped[date | None]
    rest_expires_on: Mapped[date | None]

    __table_args__ = (
        one_of("status", PROMISE_STATES),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_promise_open", "loan_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)
        ),
        Index("ix_promise_expires", "expires_on", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )


promise_table = Promise.__table__
