"""Who changed what may be done, and who saw what. Append-only, like the ledger."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class AuditEntry(Base):
    __tablename__ = "audit_entry"

    id: Mapped[Key]
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    """`cli:` and the account of the operating system, or `agent:` and an id."""
    action: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(254))
    data: Mapped[dict[str, Any]]

    __table_args__ = (Index("ix_audit_entry_subject", "subject", "at"),)


audit_entry_table = AuditEntry.__table__
