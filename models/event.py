"""What happened elsewhere and a conversation must react to: an outreach that is due, a release, a payment,
the result of a charge.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key
from models.trace import LENGTH, current_trace

PENDING = "done_at IS NULL"


class Event(Base):
    """Taken up by the worker, one turn each. `key` makes queueing it twice harmless."""

    __tablename__ = "event"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    loan_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("loan.id"))
    contact_point_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("contact_point.id"))
    """Where the words about it go, where that was chosen; else to the address last written from."""
    kind: Mapped[str] = mapped_column(String(32))
    """`outreach`, `released`, `timer`, or a ledger kind such as `charge.settled`."""
    data: Mapped[dict[str, Any]]
    key: Mapped[str] = mapped_column(String(120), unique=True)
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current_trace)
    """See `models/trace.py`."""

    __table_args__ = (
        Index(
            "ix_event_pending", "not_before", "id", sqlite_where=text(PENDING), postgresql_where=text(PENDING)
        ),
        Index("ix_event_created_at", "created_at", postgresql_using="brin"),
        Index("ix_event_loan_id", "loan_id", sqlite_where=text(PENDING), postgresql_where=text(PENDING)),
    )


event_table = Event.__table__
