"""A call or a visit that a person made: it counts like what the bot sends, whoever recorded it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of

AGENT_CHANNELS = ("call", "visit")
CONTACT_OUTCOMES = ("answered", "message_left", "no_answer", "wrong_person")
"""`answered`: by the borrower; `message_left`: on a machine, or with nobody's name; `wrong_person`: somebody
who does not know the borrower.
"""


class AgentContact(Base):
    __tablename__ = "agent_contact"

    id: Mapped[Key]
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    channel: Mapped[str] = mapped_column(String(16))
    outcome: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]
    phone: Mapped[str | None] = mapped_column(String(160))
    """The number that was called, as `contact_point.key` writes it."""
    made_by: Mapped[str] = mapped_column(String(64))
    """`agent:<id>`, or the name that the lender's dialer gives."""
    reference: Mapped[str] = mapped_column(String(64))
    """Of the dialer or the form: the same one is the same contact."""
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("borrower_id", "reference"),
        one_of("channel", AGENT_CHANNELS),
        one_of("outcome", CONTACT_OUTCOMES),
        Index("ix_agent_contact_borrower_id_at", "borrower_id", "at"),
    )


agent_contact_table = AgentContact.__table__
