"""A tape, or a file of payments, that was given to us: what it is, who gave and who confirmed it, and what
became of it.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Json, Key, one_of

TAPE_LOAD_STATES = ("uploaded", "checked", "refused", "confirmed", "loaded", "failed", "undone")
TAPE_KINDS = ("loans", "payments")
DUE = "status IN ('uploaded', 'confirmed')"


class TapeLoad(Base):
    """`uploaded` is checked by the worker, `confirmed` is loaded by it."""

    __tablename__ = "tape_load"

    id: Mapped[Key]
    kind: Mapped[str] = mapped_column(String(10), default="loans", server_default="loans")
    file_name: Mapped[str] = mapped_column(String(200))
    status: Mapped[str] = mapped_column(String(12))
    source: Mapped[str] = mapped_column(String(12))
    """`console`, `folder` or `command`."""
    given_by: Mapped[str] = mapped_column(String(64))
    confirmed_by: Mapped[str | None] = mapped_column(String(64))
    mapping: Mapped[str] = mapped_column(Text, default="")
    """The mapping file's text; empty where the file has our own columns."""
    as_of: Mapped[date | None]
    complete: Mapped[bool] = mapped_column(default=False)
    accept: Mapped[bool] = mapped_column(default=False)
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The file, deflated, until it is loaded or refused."""
    summary: Mapped[dict[str, Any] | None]
    """Counts, sums, what is read and what is wrong; no personal data but the rows shown until it is loaded.
    """
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        one_of("status", TAPE_LOAD_STATES),
        Index("ix_tape_load_due", "id", sqlite_where=text(DUE), postgresql_where=text(DUE)),
    )


tape_load_table = TapeLoad.__table__


class TapeBefore(Base):
    """A loan as it was before the last tape changed it, so that the load can be undone."""

    __tablename__ = "tape_before"

    load_id: Mapped[int] = mapped_column(BigInt, ForeignKey("tape_load.id"), primary_key=True)
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"), primary_key=True)
    seq: Mapped[int]
    """Head of the loan's ledger after the load: another one means that something followed."""
    before: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """`{loan, borrower, instalments}`; null for a loan that the load opened."""


tape_before_table = TapeBefore.__table__
