"""Messages in and out, and the receipts of those that went out. A queued outgoing message is the outbox's
row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of

DIRECTIONS = ("in", "out")
AUTHORS = ("borrower", "bot", "agent")
IN_STATES = ("received", "unprocessed")
OUT_STATES = ("queued", "sending", "sent", "delivered", "read", "failed", "suppressed", "unknown")
PURPOSES = ("reply", "contact", "confirmation", "notice")
"""Why we write: an answer (never held back), a contact of ours (full rules), a confirmation of the borrower's
own act or a notice that a contract or the law demands (hours kept, a cap of their own).
"""
QUEUED = "status = 'queued'"
UNSETTLED = "status IN ('sending', 'unknown')"


class Message(Base):
    __tablename__ = "message"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    borrower_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("borrower.id"))
    loan_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("loan.id"))
    """The loan that an outgoing message is about, where it is about one."""
    contact_point_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("contact_point.id"))
    """Where an outgoing message goes, as far as it is a contact point that the tape or the borrower gave."""
    event_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("event.id"))
    """Why it is sent, where no message of the borrower's caused it: the strategy, its step, the flow."""
    direction: Mapped[str] = mapped_column(String(3))
    author: Mapped[str] = mapped_column(String(8))
    agent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("agent.id"))
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    """The borrower's address, in the channel's own form."""
    sender: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text, default="")
    """The words, account numbers masked. Of an outgoing message: as rendered at dispatch."""
    choices: Mapped[list[Any] | None]
    """`[{payload, title}]` as shown."""
    wording: Mapped[dict[str, Any] | None]
    """What to say, before it is words: `{key, params, tone, choices}` (`flows.engine.Say` as JSON)."""
    purpose: Mapped[str | None] = mapped_column(String(16))
    account_sid: Mapped[str | None] = mapped_column(String(64))
    provider_sid: Mapped[str | None] = mapped_column(String(64))
    media: Mapped[list[Any] | None]
    """`[{url, content_type}]`, by reference."""
    extra: Mapped[dict[str, Any] | None]
    """Parameters of the webhook that we do not read, kept as they came."""
    understood: Mapped[dict[str, Any] | None]
    """`{intent, confidence, certain, also, expecting, entities}` with account numbers masked; `corrected`:
    the intent that an agent put right.
    """
    error: Mapped[str | None] = mapped_column(String(200))
    """The rule that holds it back, or the exception that its turn raised."""
    error_code: Mapped[str | None] = mapped_column(String(16))
    attempts: Mapped[int] = mapped_column(default=0)
    form: Mapped[str | None] = mapped_column(String(16))
    """How the next try must be made: `plain` without buttons, `template` by an approved template."""
    not_before: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    claimed_by: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("account_sid", "provider_sid"),
        one_of("direction", DIRECTIONS),
        one_of("author", AUTHORS),
        one_of("status", IN_STATES + OUT_STATES),
        Index("ix_message_conversation_id", "conversation_id", "id"),
        Index("ix_message_borrower_id", "borrower_id", "id"),
        Index(
            "ix_message_queued",
            "purpose",
            "not_before",
            "id",
            sqlite_where=text(QUEUED),
            postgresql_where=text(QUEUED),
        ),
        Index(
            "ix_message_unsettled",
            "claimed_at",
            sqlite_where=text(UNSETTLED),
            postgresql_where=text(UNSETTLED),
        ),
    )


message_table = Message.__table__


class Receipt(Base):
    """A delivery receipt, as it came; the message's status is the highest rank seen."""

    __tablename__ = "receipt"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("message.id"))
    status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str | None] = mapped_column(String(16))
    extra: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("message_id", "status"),)


receipt_table = Receipt.__table__
