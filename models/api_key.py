"""The lender's keys to the API, kept as hashes only, and the answers to calls that must not happen twice."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of

API_ROLES = ("lender", "readonly")


class ApiKey(Base):
    __tablename__ = "api_key"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    role: Mapped[str] = mapped_column(String(16), default="lender")
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the key; the key itself has 256 random bits, so a slow hash would add nothing."""
    previous_hash: Mapped[str | None] = mapped_column(String(64), index=True, unique=True)
    previous_until: Mapped[datetime | None]
    """After a rotation the key before it works until then."""
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """To a few minutes: not every call writes it."""

    __table_args__ = (one_of("role", API_ROLES),)


api_key_table = ApiKey.__table__


class IdempotentCall(Base):
    __tablename__ = "idempotent_call"

    id: Mapped[Key]
    api_key_id: Mapped[int] = mapped_column(BigInt, ForeignKey("api_key.id"))
    key: Mapped[str] = mapped_column(String(255))
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("api_key_id", "key"),)


idempotent_call_table = IdempotentCall.__table__
