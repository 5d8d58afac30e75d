"""One thread with whoever answers at an address: where it stands, who owns it, what it waits for."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of

HANDLERS = ("bot", "queue", "agent")


class Conversation(Base):
    """A phone shared by two borrowers is one conversation: `borrower_id` is the one who proved to be
    writing.
    """

    __tablename__ = "conversation"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(160), unique=True)
    """Canonical identity of the address (`values.address_key`)."""
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    """The address as last received: replies go there."""
    sender: Mapped[str | None] = mapped_column(String(64))
    """Our own address that the borrower last wrote to."""
    borrower_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("borrower.id"))
    version: Mapped[int] = mapped_column(default=0)
    """Guards every write: a turn that read version N writes only over N."""
    state: Mapped[dict[str, Any]]
    """`flows.engine.Conversation` as JSON: the stack of frames and the wait."""
    flow: Mapped[str | None] = mapped_column(String(40))
    step: Mapped[str | None] = mapped_column(String(40))
    expecting: Mapped[str | None] = mapped_column(String(16))
    handler: Mapped[str] = mapped_column(String(8), default="bot")
    agent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("agent.id"))
    queue_reason: Mapped[str | None] = mapped_column(String(40))
    urgency: Mapped[int] = mapped_column(default=0)
    """0 routine to 3 now; orders the agents' queue."""
    queued_at: Mapped[datetime | None]
    """Since when it has waited in the queue; once an agent has it, since when."""
    snoozed_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    """Until when it can wait, unless the borrower writes after `snoozed_at`."""
    released_at: Mapped[datetime | None]
    """When a person last gave it back."""
    released_by: Mapped[int | None] = mapped_column(BigInt)
    """The agent who did; null where it was left unanswered for hours."""
    somebody_else_since: Mapped[int | None] = mapped_column(BigInt)
    """The id of the message with which the proof of who writes ended here: those before it are possibly
    somebody else's, and what they were to be answered is not sent any more.
    """
    last_in_at: Mapped[datetime | None]
    """Last message from the borrower: WhatsApp's window of 24 h opens here."""
    contacted_at: Mapped[datetime | None]
    """When we last wrote unasked; an answer after it is a `contact.replied`."""
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("handler", HANDLERS),
        Index("ix_conversation_borrower_id", "borrower_id"),
        Index(
            "ix_conversation_last_in_at",
            "last_in_at",
            "id",
            sqlite_where=text("last_in_at IS NOT NULL"),
            postgresql_where=text("last_in_at IS NOT NULL"),
        ),
        Index(
            "ix_conversation_released_at",
            "released_at",
            "id",
            sqlite_where=text("released_at IS NOT NULL"),
            postgresql_where=text("released_at IS NOT NULL"),
        ),
        Index(
            "ix_conversation_waiting",
            "urgency",
            "queued_at",
            sqlite_where=text("handler <> 'bot'"),
            postgresql_where=text("handler <> 'bot'"),
        ),
        Index(
            "ix_conversation_queued",
            "urgency",
            "queued_at",
            "id",
            sqlite_where=text("handler = 'queue'"),
            postgresql_where=text("handler = 'queue'"),
        ),
        Index(
            "ix_conversation_held",
            "agent_id",
            "queued_at",
            "id",
            sqlite_where=text("handler = 'agent'"),
            postgresql_where=text("handler = 'agent'"),
        ),
    )


conversation_table = Conversation.__table__
