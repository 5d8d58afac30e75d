"""The auditor's report of a day, as it was signed."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class AuditReport(Base):
    __tablename__ = "audit_report"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(unique=True)
    violations: Mapped[int]
    body: Mapped[dict[str, Any]]
    signature: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[datetime]


audit_report_table = AuditReport.__table__
