"""A loan as the ledger leaves it: its terms, the head of its chain, and the sums that planning asks for."""

from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    ScalarSelect,
    Select,
    String,
    case,
    distinct,
    func,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Centavos, Key, one_of, words

LOAN_STATES = ("current", "overdue", "disputed", "written_off", "settled")
CLOSED_LOANS = ("settled", "written_off")
"""Nothing is collected of these any more."""


class Loan(Base):
    __tablename__ = "loan"

    id: Mapped[Key]
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    currency: Mapped[str] = mapped_column(String(3), default="MXN")
    status: Mapped[str] = mapped_column(String(16), default="current")
    product: Mapped[str | None] = mapped_column(String(80))
    opened_on: Mapped[date | None]
    as_of: Mapped[date | None]
    """The day of the last tape that described it."""
    known_until: Mapped[datetime | None]
    """The last moment that this tape can describe: the end of its day, or when it was loaded."""
    tape_paid_centavos: Mapped[int | None] = mapped_column(BigInt)
    """What that tape counts as paid; null while it is the first one, whose count is an account's balance."""
    tape_hash: Mapped[str | None] = mapped_column(String(64))
    """Of the content of that tape: the same tape again changes nothing, a corrected one of the same day does.
    """
    lender: Mapped[str | None] = mapped_column(String(120))
    """Trade name to show, where it is not the installation's own."""
    pay_clabe: Mapped[str | None] = mapped_column(String(18))
    pay_reference: Mapped[str | None] = mapped_column(String(40))
    cash_reference: Mapped[str | None] = mapped_column(String(40))
    tags: Mapped[str | None] = mapped_column(String(900))
    """As `values.join_tags` writes them; null while no tape has named any."""
    guarantor_name: Mapped[str | None] = mapped_column(String(200))
    guarantor_phone: Mapped[str | None] = mapped_column(String(20))
    allocation_rule: Mapped[str] = mapped_column(String(32), default="oldest-first@1")
    """Name and version of the rule by which payments are allocated; kept, so that a replay allocates alike.
    """

    ledger_seq: Mapped[int] = mapped_column(default=0)
    ledger_hash: Mapped[str] = mapped_column(String(64), default="")
    """Head of the chain; the row is locked before an entry is appended."""

    outstanding_centavos: Mapped[Centavos] = mapped_column(default=0)
    overdue_since: Mapped[date | None]
    """Due date, rolled forward to a banking day, of the oldest unpaid instalment; null when nothing is owed.
    """
    next_due_centavos: Mapped[Centavos] = mapped_column(default=0)
    """What is unpaid of that instalment."""
    created_at: Mapped[datetime]

    __table_args__ = (
        one_of("status", LOAN_STATES),
        CheckConstraint("outstanding_centavos >= 0", name="outstanding"),
        Index("ix_loan_borrower_id", "borrower_id"),
        Index("ix_loan_overdue_since", "overdue_since", "status"),
    )


loan_table = Loan.__table__


def is_open() -> ColumnElement[bool]:
    """Of a loan: something is collected of it still, whether or not it is disputed."""
    return loan_table.c.status.not_in(words(*CLOSED_LOANS))


def shared_brand(people: Select[int] | list[ColumnElement[int]]) -> ScalarSelect[str | None]:
    """The trade name that all open loans of these borrowers share, or of those who have none open, all their
    loans; null where there are several, or it is the installation's own. `Facts.lender_to` is its like in a
    conversation.
    """
    theirs = loan_table.alias("theirs")
    brand = func.coalesce(theirs.c.lender, "")
    of_open = case((theirs.c.status.not_in(words(*CLOSED_LOANS)), brand))
    shared = case(
        (func.count(distinct(of_open)) == 1, func.min(of_open)),
        ((func.count(of_open) == 0) & (func.count(distinct(brand)) == 1), func.min(brand)),
    )
    return select(func.nullif(shared, "")).where(theirs.c.borrower_id.in_(people)).scalar_subquery()


def brand_read(people: Select[int] | list[ColumnElement[int]]) -> ColumnElement[str | None]:
    """Of the loan that is joined, its own brand; where none is, the one that these borrowers' loans share."""
    return case((loan_table.c.id.is_not(None), loan_table.c.lender), else_=shared_brand(people))
