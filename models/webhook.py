"""Where the lender's feed is delivered to, how far it is, and what waits to be sent again."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, BigInt, Key


class WebhookEndpoint(Base):
    """All times are the machine's: retries are about the network, not about the loans."""

    __tablename__ = "webhook_endpoint"

    id: Mapped[Key]
    url: Mapped[str] = mapped_column(String(500), unique=True)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted; null for the address of the settings, whose secret stands there."""
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None]
    """After a rotation both sign until then."""
    key_id: Mapped[str | None] = mapped_column(String(16))
    """What the secrets are encrypted under: `Vault.key_id`."""
    position: Mapped[int] = mapped_column(BigInteger)
    """Of the feed: what comes up to here was delivered, or waits in `webhook_delivery`."""
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_at: Mapped[datetime | None]
    succeeded_at: Mapped[datetime | None]
    last_answer: Mapped[str | None] = mapped_column(String(40))
    paused_until: Mapped[datetime | None]
    """It asked for time: nothing is sent before."""
    disabled_at: Mapped[datetime | None]
    disabled_because: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]


webhook_endpoint_table = WebhookEndpoint.__table__


class WebhookDelivery(Base):
    """An event that an endpoint did not take, or that waits behind one of the same lane."""

    __tablename__ = "webhook_delivery"

    id: Mapped[Key]
    endpoint_id: Mapped[int] = mapped_column(BigInt, ForeignKey("webhook_endpoint.id"))
    position: Mapped[int] = mapped_column(BigInteger)
    lane: Mapped[str] = mapped_column(String(40))
    """`loan:ID`, or `task:ID` of a task without a loan: within it events arrive in order."""
    attempts: Mapped[int]
    failing_since: Mapped[datetime | None]
    next_at: Mapped[datetime]
    last_answer: Mapped[str | None] = mapped_column(String(40))
    given_up_at: Mapped[datetime | None]

    __table_args__ = (
        UniqueConstraint("endpoint_id", "position"),
        Index(
            "ix_webhook_delivery_waiting",
            "endpoint_id",
            "lane",
            "position",
            sqlite_where=text("given_up_at IS NULL"),
            postgresql_where=text("given_up_at IS NULL"),
        ),
    )


webhook_delivery_table = WebhookDelivery.__table__
