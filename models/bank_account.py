"""A borrower's account: encrypted, found by keyed hash, shown as bank and last four digits."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key


class BankAccount(Base):
    __tablename__ = "bank_account"

    id: Mapped[Key]
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    fingerprint: Mapped[str] = mapped_column(String(64))
    """HMAC of the digits under a key of its own: equal accounts are found without decrypting."""
    encrypted: Mapped[bytes] = mapped_column(LargeBinary)
    key_id: Mapped[str] = mapped_column(String(16))
    """Which encryption key; `acuerdo db rotate-keys` moves all to the newest."""
    bank_code: Mapped[str] = mapped_column(String(3))
    last4: Mapped[str] = mapped_column(String(4))
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("borrower_id", "fingerprint"),
        Index("ix_bank_account_fingerprint", "fingerprint"),
    )


bank_account_table = BankAccount.__table__
