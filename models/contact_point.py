"""An address on a channel at which a borrower may be reached, exactly as received, with its health."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, OneOf

CHANNELS = ("whatsapp", "sms", "email")
WEB = "web"
"""The borrower's own page: they write and read there, and nobody is reached at it while it is closed."""
CONTACT_POINT_STATES = ("unverified", "confirmed", "invalid", "closed")
CONFIRMED = "status = 'confirmed'"
LAST_FOUR = "substr(key, length(key) - 3)"
"""Of a key, as SQL: what an index finds a phone by whose end is known."""


class ContactPoint(Base):
    __tablename__ = "contact_point"

    id: Mapped[Key]
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    channel: Mapped[str] = mapped_column(OneOf(CHANNELS, 16))
    key: Mapped[str] = mapped_column(String(160))
    """Canonical identity of the address (`values.address_key`): +52 and ten digits, a BSUID, a lower-cased
    e-mail.
    """
    address: Mapped[str] = mapped_column(String(254))
    """Where to send, in the channel's own form, as last received; before that, as first guessed."""
    status: Mapped[str] = mapped_column(OneOf(CONTACT_POINT_STATES, 16), default="unverified")
    confirmed_at: Mapped[datetime | None]
    """When the borrower last proved who they are here."""
    answered_at: Mapped[datetime | None]
    """When a mandate's holder last answered from here while that proof stood: it is kept by answering."""
    closed_reason: Mapped[str | None] = mapped_column(String(40))
    additional: Mapped[bool] = mapped_column(default=False)
    """A second number that the lender gave: written to where the first one cannot be."""
    failures: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    """When a message of ours last arrived here, as learnt from the receipts."""
    worked_at: Mapped[datetime | None]
    """When one was last read here, or answered."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("borrower_id", "channel", "key"),
        Index("ix_contact_point_key", "key"),
        Index("ix_contact_point_conversation_id", "conversation_id"),
        Index("ix_contact_point_last_four", text(LAST_FOUR)),
        Index(
            "ix_contact_point_confirmed_at",
            "confirmed_at",
            sqlite_where=text(CONFIRMED),
            postgresql_where=text(CONFIRMED),
        ),
    )


contact_point_table = ContactPoint.__table__
