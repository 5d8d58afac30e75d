"""What each account of a loan's ledger stands at, kept in the transaction of the entry that moved it."""

from typing import NamedTuple

from sqlalchemy import Connection, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos


class Balance(Base):
    __tablename__ = "balance"

    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"), primary_key=True)
    account: Mapped[str] = mapped_column(String(48), primary_key=True)
    amount: Mapped[Centavos]


balance_table = Balance.__table__


class UnallocatedMoney(NamedTuple):
    """What a loan holds that pays no debt: centavos that nothing was owed for, and those that a provider
    collected and has not settled.
    """

    credit_centavos: int
    in_transit_centavos: int


def unallocated_money(connection: Connection, loan_id: int) -> UnallocatedMoney:
    accounts = dict(
        connection.execute(
            select(balance_table.c.account, balance_table.c.amount).where(balance_table.c.loan_id == loan_id)
        ).all()
    )
    in_transit = sum(amount for account, amount in accounts.items() if account.startswith("transit:"))
    return UnallocatedMoney(-accounts.get("unapplied", 0), in_transit)
