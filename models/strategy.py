"""Strategies as they were activated: the file, who put it in force, when and why. Of each name the newest
version is in force.
"""

from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class StrategyVersion(Base):
    __tablename__ = "strategy_version"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(40))
    version: Mapped[int]
    body: Mapped[str] = mapped_column(Text)
    """The file's own text."""
    why: Mapped[str] = mapped_column(Text)
    activated_by: Mapped[str] = mapped_column(String(64))
    activated_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("name", "version"),)


strategy_version_table = StrategyVersion.__table__
