"""What a lender tunes (strategies, policy, topics, wording), as it was proposed by one person and decided by
another.
"""

from datetime import datetime

from sqlalchemy import Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key, one_of

REVISION_STATES = ("proposed", "approved", "rejected", "withdrawn")


class Revision(Base):
    __tablename__ = "revision"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(16))
    """One of `bot.revisions.KINDS`."""
    name: Mapped[str] = mapped_column(String(40))
    """Of the strategy; of what there is one of, its kind."""
    body: Mapped[str] = mapped_column(Text)
    base: Mapped[int]
    """The version that was in force when it was proposed; 0: none, or the file's own."""
    why: Mapped[str] = mapped_column(Text)
    status: Mapped[str] = mapped_column(String(12), default="proposed")
    proposed_by: Mapped[str] = mapped_column(String(64))
    proposed_at: Mapped[datetime]
    decided_by: Mapped[str | None] = mapped_column(String(64))
    decided_at: Mapped[datetime | None]
    decided_why: Mapped[str | None] = mapped_column(Text)
    """Of one that was rejected."""
    version: Mapped[int | None]
    """Its number since it was approved: the largest of a kind and name is in force."""

    __table_args__ = (
        one_of("status", REVISION_STATES),
        UniqueConstraint("kind", "name", "version"),
        Index("ix_revision_status", "status", "id"),
    )


revision_table = Revision.__table__
