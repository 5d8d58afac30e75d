"""The person who owes: who they are, where they live, how they want to be spoken to."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, ForeignKey, Index, String, bindparam, delete, insert, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key
from values import name_words


class Borrower(Base):
    __tablename__ = "borrower"

    id: Mapped[Key]
    external_id: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    birth_date: Mapped[date | None]
    curp: Mapped[str | None] = mapped_column(String(18))
    rfc: Mapped[str | None] = mapped_column(String(13))
    email: Mapped[str | None] = mapped_column(String(254))
    state: Mapped[str | None] = mapped_column(String(2))
    """INEGI code of the state."""
    municipality: Mapped[str | None] = mapped_column(String(5))
    zone: Mapped[str | None] = mapped_column(String(40))
    """IANA zone; null when the address does not show it."""
    language: Mapped[str] = mapped_column(String(8), default="es_MX")
    preferred_channel: Mapped[str | None] = mapped_column(String(16))
    preferred_from: Mapped[str | None] = mapped_column(String(5))
    """The borrower's own wish for contact hours, HH:MM in their zone."""
    preferred_until: Mapped[str | None] = mapped_column(String(5))
    best_hour: Mapped[int | None]
    """Of the day, in their zone: when they most often read or answer; null until it is known."""
    as_of: Mapped[date | None]
    """The day of the last tape that described them."""
    opted_out_at: Mapped[datetime | None]
    notice_given_at: Mapped[datetime | None]
    """When the first-contact notice that the law asks for was queued."""
    erased_at: Mapped[datetime | None]
    """When what identifies them was erased; null again once a new loan describes them anew."""
    papers_until: Mapped[date | None]
    """Of an erased borrower: until when the law wants their contracts kept; null once those are gone too."""
    created_at: Mapped[datetime]

    __table_args__ = (
        Index(
            "ix_borrower_papers_until",
            "papers_until",
            sqlite_where=text("papers_until IS NOT NULL"),
            postgresql_where=text("papers_until IS NOT NULL"),
        ),
    )


borrower_table = Borrower.__table__


class ResponseHour(Base):
    """How often a borrower read or answered in an hour of their day; what is older weighs less."""

    __tablename__ = "response_hour"

    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"), primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    responses: Mapped[int]


response_hour_table = ResponseHour.__table__


class NameWord(Base):
    """A word of a borrower's name (`values.name_words`): agents look for surnames as well, and without
    accents.
    """

    __tablename__ = "name_word"

    borrower_id: Mapped[int] = mapped_column(BigInt, ForeignKey("borrower.id"), primary_key=True)
    word: Mapped[str] = mapped_column(
        String(40).with_variant(String(40, collation="C"), "postgresql"), primary_key=True
    )
    """Ordered by its bytes, so that what begins alike stands together."""

    __table_args__ = (Index("ix_name_word_word", "word", "borrower_id"),)


name_word_table = NameWord.__table__
_FORGET = delete(name_word_table).where(name_word_table.c.borrower_id == bindparam("person"))


def index_names(connection: Connection, names: Mapping[int, str]) -> None:
    """Makes borrowers found by the names that they have now."""
    if names:
        connection.execute(_FORGET, [{"person": person} for person in names])
    if rows := [
        {"borrower_id": person, "word": word} for person, name in names.items() for word in name_words(name)
    ]:
        connection.execute(insert(name_word_table), rows)
