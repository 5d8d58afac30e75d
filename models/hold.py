"""A reason not to chase or charge a loan, for a time or until lifted."""

from datetime import datetime

from sqlalchemy import BindParameter, ColumnElement, ForeignKey, Index, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, OneOf

HOLD_KINDS = (
    "dispute",
    "deceased",
    "vulnerable",
    "legal",
    "opt_out",
    "payment_reported",
    "hardship",
    "complaint",
    "missing",
    "quiet",
)
OF_A_PERSON = ("deceased", "vulnerable", "opt_out")
"""These are true of the borrower: on whichever of their loans one stands, none of them is chased."""


class Hold(Base):
    __tablename__ = "hold"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(OneOf(HOLD_KINDS, 24))
    placed_at: Mapped[datetime]
    until: Mapped[datetime | None]
    lifted_at: Mapped[datetime | None]

    __table_args__ = (
        Index(
            "uq_hold_open",
            "loan_id",
            "kind",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )


hold_table = Hold.__table__


def stands(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Of a hold: it was not lifted, and its time is not over."""
    return hold_table.c.lifted_at.is_(None) & or_(hold_table.c.until.is_(None), hold_table.c.until > now)
