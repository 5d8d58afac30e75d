"""Messages in and out, the attempts to deliver those that go out, and their receipts. A queued outgoing
message is the outbox's row.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    literal_column,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key, one_of
from models.trace import LENGTH, current_trace

DIRECTIONS = ("in", "out")
AUTHORS = ("borrower", "bot", "agent")
IN_STATES = ("received", "unprocessed")
OUT_STATES = ("queued", "sending", "sent", "delivered", "read", "failed", "suppressed", "unknown")
PURPOSES = ("reply", "contact", "confirmation", "notice")
"""Why we write: an answer (never held back), a contact of ours (full rules), a confirmation of the borrower's
own act or a notice that a contract or the law demands (hours kept, a cap of their own).
"""
OUTCOMES = ("sending", "unknown", "taken", "refused", "never_sent", "ambiguous")
"""Of an attempt: under way, or left behind; nobody knows; the provider has it; it refused; it answered that
it never had it; it has several that could be this one, and a person decides.
"""
CONTACT = "purpose = 'contact'"
QUEUED = "status = 'queued'"
KEYED = "reply_key IS NOT NULL"
UNPROCESSED = "status = 'unprocessed'"
SUPPRESSED = "status = 'suppressed'"
LEFT_AT = "sent_at IS NOT NULL"
UNSETTLED = "status IN ('sending', 'unknown')"
OPEN_ATTEMPT = "outcome IN ('sending', 'unknown')"
STANDING = "outcome IN ('sending', 'unknown', 'taken')"


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of few rows, found by a statement that holds `where` in its text."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Message(Base):
    __tablename__ = "message"

    id: Mapped[Key]
    conversation_id: Mapped[int] = mapped_column(BigInt, ForeignKey("conversation.id"))
    borrower_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("borrower.id"))
    loan_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("loan.id"))
    """The loan that an outgoing message is about, where it is about one."""
    contact_point_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("contact_point.id"))
    """Where an outgoing message goes, as far as it is a contact point that the tape or the borrower gave."""
    event_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("event.id"))
    """Why it is sent, where no message of the borrower's caused it: the strategy, its step, the flow."""
    direction: Mapped[str] = mapped_column(String(3))
    author: Mapped[str] = mapped_column(String(8))
    agent_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("agent.id"))
    reply_key: Mapped[str | None] = mapped_column(String(64))
    """Of an agent's message: what the browser calls it, so that sending it again makes no second one."""
    channel: Mapped[str] = mapped_column(String(16))
    address: Mapped[str] = mapped_column(String(254))
    """The borrower's address, in the channel's own form."""
    sender: Mapped[str | None] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(12))
    body: Mapped[str] = mapped_column(Text, default="")
    """The words, account numbers masked. Of an outgoing message: as rendered at dispatch."""
    choices: Mapped[list[Any] | None]
    """`[{payload, title}]` as shown."""
    wording: Mapped[dict[str, Any] | None]
    """What to say, before it is words: `{key, params, tone, choices}` (`flows.engine.Say` as JSON)."""
    purpose: Mapped[str | None] = mapped_column(String(16))
    account_sid: Mapped[str | None] = mapped_column(String(64))
    provider_sid: Mapped[str | None] = mapped_column(String(64))
    """Of an incoming message, which is stored once for each; of an outgoing one its attempts have them."""
    media: Mapped[list[Any] | None]
    """`[{url, content_type}]`, by reference."""
    extra: Mapped[dict[str, Any] | None]
    """Parameters of the webhook that we do not read, kept as they came."""
    understood: Mapped[dict[str, Any] | None]
    """`{intent, confidence, certain, also, expecting, entities}` with account numbers masked; `corrected`:
    the intent that an agent put right.
    """
    reason: Mapped[str | None] = mapped_column(String(200))
    """Why its status is what it is: the rule that holds it back or suppressed it, the code that it failed
    with, the exception that its turn raised. Nothing decides by it.
    """
    attempts: Mapped[int] = mapped_column(default=0)
    """How often it was tried, without the tries for which a broken channel is to blame."""
    form: Mapped[str | None] = mapped_column(String(16))
    """How the next try must be made: `plain` without buttons, `template` by an approved template."""
    not_before: Mapped[datetime | None]
    instead_of_id: Mapped[int | None] = mapped_column(BigInt, ForeignKey("message.id"))
    """The message that the provider took and could not deliver, where this is its copy."""
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    segments: Mapped[int | None]
    """Of an SMS that left: each is paid for."""
    trace: Mapped[str | None] = mapped_column(String(LENGTH), default=current_trace)
    """See `models/trace.py`."""

    __table_args__ = (
        UniqueConstraint("provider_sid", "account_sid"),
        one_of("direction", DIRECTIONS),
        one_of("author", AUTHORS),
        one_of("status", IN_STATES + OUT_STATES),
        Index("ix_message_conversation_id", "conversation_id", "id"),
        Index("ix_message_borrower_id", "borrower_id", "id"),
        _partial("ix_message_reply_key", "reply_key", where=KEYED, unique=True),
        _partial("ix_message_contact", "borrower_id", "created_at", where=CONTACT),
        _partial("ix_message_queued", "purpose", "not_before", "id", where=QUEUED),
        _partial("ix_message_unprocessed", "id", where=UNPROCESSED),
        _partial("ix_message_left", "sent_at", "id", where=LEFT_AT),
        _partial("ix_message_suppressed", "created_at", where=SUPPRESSED),
        _partial("ix_message_unsettled", "conversation_id", where=UNSETTLED),
    )


message_table = Message.__table__


class DeliveryAttempt(Base):
    """One call to the provider: made when, by which process, and what came of it. A message has at most one
    that is open or taken: the database refuses to send it twice.
    """

    __tablename__ = "delivery_attempt"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("message.id"))
    address: Mapped[str] = mapped_column(String(254))
    template: Mapped[str | None] = mapped_column(String(64))
    """The approved template that it was sent by."""
    outcome: Mapped[str] = mapped_column(String(12))
    error_code: Mapped[str | None] = mapped_column(String(16))
    """Of the answer, or of a later receipt."""
    account_sid: Mapped[str | None] = mapped_column(String(64))
    provider_sid: Mapped[str | None] = mapped_column(String(64))
    claimed_by: Mapped[str] = mapped_column(String(40))
    claimed_at: Mapped[datetime]
    """Machine time, as all that measures how long a process has been silent."""
    started_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("provider_sid", "account_sid"),
        one_of("outcome", OUTCOMES),
        Index("ix_delivery_attempt_message_id", "message_id"),
        _partial("uq_delivery_attempt_standing", "message_id", where=STANDING, unique=True),
        _partial("ix_delivery_attempt_open", "outcome", "claimed_at", where=OPEN_ATTEMPT),
    )


delivery_attempt_table = DeliveryAttempt.__table__
WITH_STANDING = message_table.outerjoin(
    delivery_attempt_table,
    and_(
        delivery_attempt_table.c.message_id == message_table.c.id,
        cast("ColumnElement[bool]", literal_column(f"delivery_attempt.{STANDING}")),
    ),
)
"""Messages next to the attempt that is open or taken. Literal, because a partial index is not found through a
bound parameter.
"""


class Receipt(Base):
    """A delivery receipt, as it came; the message's status is the highest rank seen."""

    __tablename__ = "receipt"

    id: Mapped[Key]
    message_id: Mapped[int] = mapped_column(BigInt, ForeignKey("message.id"))
    status: Mapped[str] = mapped_column(String(24))
    error_code: Mapped[str | None] = mapped_column(String(16))
    extra: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]

    __table_args__ = (UniqueConstraint("message_id", "status"),)


receipt_table = Receipt.__table__


class PostedReceipt(Base):
    """A receipt that the webhook took and no worker has applied yet; its row is deleted with that."""

    __tablename__ = "posted_receipt"

    id: Mapped[Key]
    content: Mapped[dict[str, Any]]
    """The fields of `bot.channels.Receipt`."""
    tries: Mapped[int] = mapped_column(default=0)
    """How often applying it raised: after the fifth time it waits for a person."""
    at: Mapped[datetime]


posted_receipt_table = PostedReceipt.__table__
