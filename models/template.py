"""Twilio Content: templates submitted for approval, and the contents made on first use for buttons inside the
window.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key

IN_SESSION = "in_session"
"""The status of a content that was made for buttons inside the window."""
DROPPED = "dropped"
"""Of such a content once it is found no more: it is still to be deleted at Twilio."""


class Template(Base):
    """`hash` is of language, type and text: the same words are one Content."""

    __tablename__ = "template"

    id: Mapped[Key]
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str | None] = mapped_column(String(120))
    """Set for templates that may open a conversation; null for contents made for buttons inside the window,
    and for what another template of its name replaced.
    """
    language: Mapped[str] = mapped_column(String(8))
    content_sid: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(24), default="unsubmitted")
    category: Mapped[str | None] = mapped_column(String(24))
    rejection: Mapped[str | None] = mapped_column(String(400))
    created_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    """When what was decided last was first seen."""

    __table_args__ = (UniqueConstraint("name", "language"),)


template_table = Template.__table__


class TemplateDecision(Base):
    """A decision that another followed: what left meanwhile is judged by it. The newest stands in the row."""

    __tablename__ = "template_decision"

    id: Mapped[Key]
    template_id: Mapped[int] = mapped_column(BigInt, ForeignKey("template.id"), index=True)
    status: Mapped[str] = mapped_column(String(24))
    category: Mapped[str | None] = mapped_column(String(24))
    at: Mapped[datetime]


template_decision_table = TemplateDecision.__table__
