"""A timer of a conversation. It names the wait that set it; if the conversation has moved on, it does
nothing.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key


class Timer(Base):
    __tablename__ = "timer"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    name: Mapped[str] = mapped_column(String(40))
    wait_id: Mapped[int]
    due_at: Mapped[datetime]
    fired_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "ix_timer_due",
            "due_at",
            sqlite_where=text("fired_at IS NULL"),
            postgresql_where=text("fired_at IS NULL"),
        ),
    )


timer_table = Timer.__table__
