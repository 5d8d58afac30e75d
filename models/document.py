"""A paper that was issued: its bytes, the hash they are known by, and the code under which anyone may
check it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, OneOf

DOCUMENT_KINDS = ("agreement", "statement", "settlement_letter", "receipt", "mandate")


class Document(Base):
    """Never changed: a newer one is another document."""

    __tablename__ = "document"

    id: Mapped[Key]
    loan_id: Mapped[int] = mapped_column(BigInt, ForeignKey("loan.id"))
    kind: Mapped[str] = mapped_column(OneOf(DOCUMENT_KINDS, 24))
    code: Mapped[str] = mapped_column(String(16), unique=True)
    subject: Mapped[str | None] = mapped_column(String(64), unique=True)
    """What it is of, where there is one paper of it: `plan:7`, `settled:12`, `entry:40`."""
    language: Mapped[str] = mapped_column(String(8))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]]
    """What the check shows: folio, amounts, days."""
    issued_at: Mapped[datetime]

    __table_args__ = (Index("ix_document_loan_id", "loan_id"),)


document_table = Document.__table__


class PageFile(Base):
    """A file that a borrower gave on their page: the receipt of a payment that they reported."""

    __tablename__ = "page_file"

    id: Mapped[Key]
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    content_type: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime]

    __table_args__ = (Index("ix_page_file_borrower_id", "borrower_id"),)


page_file_table = PageFile.__table__


IDENTITY_FILES = ("id_front", "id_back", "selfie")


class IdentityFile(Base):
    """What a provider demands with a consent, from the borrower's page: encrypted, and kept until it was sent
    or its mandate has ended.
    """

    __tablename__ = "identity_file"

    id: Mapped[Key]
    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"))
    mandate_id: Mapped[int] = mapped_column(BigInt, ForeignKey("mandate.id"))
    kind: Mapped[str] = mapped_column(OneOf(IDENTITY_FILES, 16))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("mandate_id", "kind"),
        Index("ix_identity_file_borrower_id", "borrower_id"),
    )


identity_file_table = IdentityFile.__table__


class PageAccess(Base):
    """The borrower's own pages: which generation of links is in force, and how often the factor was wrong."""

    __tablename__ = "page_access"

    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"), primary_key=True)
    generation: Mapped[int] = mapped_column(default=0, server_default="0")
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    changed_at: Mapped[datetime]


page_access_table = PageAccess.__table__
