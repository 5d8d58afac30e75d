"""A message as a channel hands it over, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flows.types.event import MediaKind


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
    extra: Mapping[str, Any] = field(default_factory=dict)
