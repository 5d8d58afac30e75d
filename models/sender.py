"""What is known of each of our senders, one row for each channel: shared by all workers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Float, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class Sender(Base):
    __tablename__ = "sender"

    channel: Mapped[str] = mapped_column(String(16), primary_key=True)
    tokens: Mapped[float] = mapped_column(Float, default=0.0)
    """How many messages may leave at once, as of `refilled_at`."""
    refilled_at: Mapped[datetime]
    """Machine time."""
    failures: Mapped[int] = mapped_column(default=0)
    """Calls in a row that the provider did not take."""
    paused_until: Mapped[datetime | None]
    """Nothing leaves before."""
    full_until: Mapped[datetime | None]
    """What nobody asked for does not leave before: the provider's limit of a day is reached, or too many
    blocked us.
    """
    opened: Mapped[dict[str, Any]]
    """Conversations opened by template, counted by hour (`2026-11-24T18`, UTC), of the last day."""


sender_table = Sender.__table__
