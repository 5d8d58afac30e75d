"""One instalment of a loan: what falls due, when, and what is still unpaid of each component."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key

COMPONENTS = ("principal", "interest", "late_fees", "tax")
UNPAID = "unpaid_principal + unpaid_interest + unpaid_late_fees + unpaid_tax > 0"


class Instalment(Base):
    """The `unpaid_*` columns are balances of the ledger's receivable accounts, written in its own
    transaction.
    """

    __tablename__ = "instalment"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    number: Mapped[int]
    due_date: Mapped[date]
    amount_centavos: Mapped[Centavos]
    """What fell due in all, by the last tape."""
    unpaid_principal: Mapped[Centavos] = mapped_column(default=0)
    unpaid_interest: Mapped[Centavos] = mapped_column(default=0)
    unpaid_late_fees: Mapped[Centavos] = mapped_column(default=0)
    unpaid_tax: Mapped[Centavos] = mapped_column(default=0)

    __table_args__ = (
        UniqueConstraint("loan_id", "number"),
        *(CheckConstraint(f"unpaid_{part} >= 0", name=f"unpaid_{part}") for part in COMPONENTS),
        Index(
            "ix_instalment_unpaid",
            "loan_id",
            "due_date",
            sqlite_where=text(UNPAID),
            postgresql_where=text(UNPAID),
        ),
    )


instalment_table = Instalment.__table__
UNPAID_SUM = sum(
    (instalment_table.c[f"unpaid_{part}"] for part in COMPONENTS[1:]), instalment_table.c.unpaid_principal
)
"""What is unpaid of an instalment in all."""
