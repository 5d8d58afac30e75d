"""A message as a channel hands it over, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.types.event import MediaKind
from models.base import AnyRow
from values import address_key

UNPROVED = "from"
"""In `extra`: the address that a message came from, where we wrote to another one."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """`key` is the canonical identity of `address` (`values.address_key`); `alias` a second one of the same
    person's.
    """

    channel: str
    address: str
    key: str
    sender: str
    """Our own address that was written to."""
    account_sid: str
    provider_sid: str
    text: str
    at: datetime
    kind: MediaKind = "text"
    payload: str | None = None
    alias: str | None = None
    proved: int | None = None
    """The borrower, where the channel itself asked who is writing: their own page."""
    media: tuple[Mapping[str, str], ...] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """Of those media that came with the message itself, by their `url`; the others are fetched."""
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unproved(self) -> bool:
        """Whether somebody else than whom we wrote to may be writing."""
        return UNPROVED in self.extra

    @classmethod
    def stored(cls, row: AnyRow, **own: Any) -> "Incoming":
        """A row of `message` as it came; `own` is what the row alone does not say."""
        return cls(
            channel=row.channel,
            address=row.address,
            key=address_key(row.address),
            sender=row.sender or "",
            account_sid=row.account_sid or "",
            provider_sid=row.provider_sid or "",
            at=row.created_at,
            media=tuple(row.media or ()),
            **own,
        )
