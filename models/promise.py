"""A promise to pay: an amount by a day, confirmed by the borrower, judged by the ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Json, Key, one_of

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
    rest: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    """What the same yes promised for later days, `[{amount, date, expires_on}]` by day: the first of them
    becomes a promise of its own, with what is left of the list, once this one is kept.
    """

    __table_args__ = (
        one_of("status", PROMISE_STATES),
        CheckConstraint("amount > 0", name="amount"),
        Index(
            "uq_promise_open", "loan_id", unique=True, sqlite_where=text(OPEN), postgresql_where=text(OPEN)
        ),
        Index("ix_promise_expires", "expires_on", sqlite_where=text(OPEN), postgresql_where=text(OPEN)),
    )


promise_table = Promise.__table__
