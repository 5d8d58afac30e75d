"""Files that come and go with messages."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key

TO_FETCH = "fetch_at IS NOT NULL"


class MessageFile(Base):
    """One that a channel handed over, fetched soon after; or one of an agent's, who may not have sent it yet
    (`message_id` is null until then).
    """

    __tablename__ = "message_file"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    message_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    agent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("agent.id"))
    name: Mapped[str | None] = mapped_column(String(120))
    """As its sender called it: shown, never trusted."""
    url: Mapped[str | None] = mapped_column(Text)
    """Where the channel keeps it."""
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Null until it was fetched."""
    content_type: Mapped[str | None] = mapped_column(String(64))
    """By its first bytes; null until it was fetched."""
    fetch_at: Mapped[datetime | None]
    """When it is to be fetched, or tried again; null where that is over."""
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    failure: Mapped[str | None] = mapped_column(String(24))
    """Why it was not fetched the last time."""
    created_at: Mapped[datetime]

    __table_args__ = (
        Index("ix_message_file_message_id", "message_id"),
        Index("ix_message_file_conversation_id", "conversation_id"),
        Index(
            "ix_message_file_to_fetch",
            "fetch_at",
            sqlite_where=text(TO_FETCH),
            postgresql_where=text(TO_FETCH),
        ),
    )


message_file_table = MessageFile.__table__
