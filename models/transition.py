"""How each promise, mandate, charge and plan came to its state: who moved it, when and why. The newest row is
the state.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, OneOf

SUBJECTS = ("promise", "mandate", "charge", "plan")


class Transition(Base):
    __tablename__ = "transition"

    id: Mapped[Key]
    subject: Mapped[str] = mapped_column(OneOf(SUBJECTS, 12))
    subject_id: Mapped[int] = mapped_column(BigInt)
    seq: Mapped[int]
    from_status: Mapped[str | None] = mapped_column(String(16))
    to_status: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    hash: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Over this step and the hash before it; empty where many are written at once: the next one seals it."""

    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "seq"),
        Index(
            "uq_transition_first",
            "subject",
            "subject_id",
            unique=True,
            sqlite_where=text("from_status IS NULL"),
            postgresql_where=text("from_status IS NULL"),
        ),
    )


transition_table = Transition.__table__
