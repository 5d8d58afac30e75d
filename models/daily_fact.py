"""What the KPIs were at the close of each day: kept by a sweep, and to be had again from the ledger."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class DailyFact(Base):
    __tablename__ = "daily_fact"

    id: Mapped[Key]
    kpi: Mapped[str] = mapped_column(String(24))
    day: Mapped[date]
    days: Mapped[int]
    """How many days it is counted over, this one the last."""
    rows: Mapped[list[Any]]
    """Of the report, without what follows by dividing."""
    basis: Mapped[str] = mapped_column(String(80))
    """How far the records went when it was counted."""
    kept_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("kpi", "day", "days"),
        Index("ix_daily_fact_day", "day"),
    )


daily_fact_table = DailyFact.__table__
