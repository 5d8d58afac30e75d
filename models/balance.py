"""What each account of a loan's ledger stands at, kept in the transaction of the entry that moved it."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos


class Balance(Base):
    __tablename__ = "balance"

    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(48), primary_key=True)
    amount: Mapped[Centavos]


balance_table = Balance.__table__
