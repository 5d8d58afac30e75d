"""A signed root over the heads of all chains, one for each day."""

from datetime import date, datetime

from sqlalchemy import LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Key


class LedgerRoot(Base):
    __tablename__ = "ledger_root"

    id: Mapped[Key]
    day: Mapped[date] = mapped_column(unique=True)
    note: Mapped[str] = mapped_column(Text)
    """In the form of C2SP tlog-checkpoint."""
    heads: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What it is over, compressed; of the newest one."""
    created_at: Mapped[datetime]


ledger_root_table = LedgerRoot.__table__
