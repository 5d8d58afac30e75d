"""The person who owes: who they are, where they live, how they want to be spoken to."""

from datetime import date, datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class Borrower(Base):
    __tablename__ = "borrower"

    id: Mapped[Key]
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    curp: Mapped[str | None] = mapped_column(String(18))
    rfc: Mapped[str | None] = mapped_column(String(13))
    email: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[str | None] = mapped_column(String(2))
    """INEGI code of the state."""
    municipality: Mapped[str | None] = mapped_column(String(5))
    zone: Mapped[str | None] = mapped_column(String(40))
    """IANA zone; null when the address does not tell it."""
    language: Mapped[str] = mapped_column(String(8), default="es_MX")
    preferred_channel: Mapped[str | None] = mapped_column(String(16))
    preferred_from: Mapped[str | None] = mapped_column(String(5))
    """The borrower's own wish for contact hours, HH:MM in their zone."""
    preferred_until: Mapped[str | None] = mapped_column(String(5))
    opted_out_at: Mapped[datetime | None]
    notice_given_at: Mapped[datetime | None]
    """When the first-contact notice that the law asks for was queued."""
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_borrower_name", "name"),)
