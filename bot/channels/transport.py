"""The port to a messaging provider: one message out, the ways in which that may fail, and what the provider
reports afterwards.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol, TypedDict, runtime_checkable

from bot.conversation import Incoming

Reaction = Literal[
    "retry",
    "retry_once",
    "retry_later",
    "later_then_channel",
    "wait_day",
    "stop_sender",
    "other_channel",
    "other_form",
    "point_invalid",
    "opted_out",
    "template_instead",
    "template_bug",
    "replan",
    "give_up",
]
"""What a provider's refusal calls for; each is explained at the head of `twilio/errors.toml`."""

_WHY: Mapping[Reaction, str] = {
    "stop_sender": "its account or sender may not be used: check its id, token and number in the settings"
}
"""Refusals that whoever runs a command can end."""

DeliveryStatus = Literal["sent", "delivered", "read", "failed"]


class Choice(TypedDict):
    payload: str
    title: str


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`template` with its variables stands in for the text outside the window."""

    message_id: int
    channel: str
    address: str
    text: str
    language: str
    choices: Sequence[Choice] = ()
    list_label: str = ""
    """The button that opens a list of choices."""
    subject: str = ""
    """Where the channel has one; nothing of a debt stands in it."""
    plain: bool = False
    """The choices as numbered text even where buttons would do: the provider refused them before."""
    sender: str | None = None
    """Our own address that the borrower wrote to; else the one of the settings."""
    template: str | None = None
    """The provider's id of an approved template."""
    form: str | None = None
    """The provider's id of an approved form that puts the question; where it does not go, text and choices
    do.
    """
    variables: tuple[str, ...] = ()
    """Of the template, or of the form."""
    media_url: str | None = None
    """A file that goes with the text, for the provider to fetch."""
    attachment: Attachment | None = None
    """The same, where the message itself holds it."""
    valid_seconds: int | None = None
    """The provider drops it when it could not be delivered by then: the lawful hours, or the window, end."""


@dataclass(frozen=True, slots=True)
class Sent:
    provider_sid: str
    account_sid: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A message of ours as the provider's list shows it."""

    provider_sid: str
    account_sid: str
    text: str


@dataclass(frozen=True, slots=True)
class Held:
    """A message to us that the provider holds: webhook parameters, but for its media, which are asked for one
    by one.
    """

    provider_sid: str
    form: Mapping[str, str]
    media: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the provider says became of a message. `message_id` is our own, which stands in the callback's
    address.
    """

    message_id: int | None
    provider_sid: str
    account_sid: str | None
    reported: str
    """The provider's own word."""
    delivery: DeliveryStatus | None
    """Ours; null for a word that we do not know: kept, and nothing moves."""
    code: str | None = None
    reaction: Reaction = "give_up"
    extra: Mapping[str, Any] = field(default_factory=dict)
    at: datetime | None = None
    """When it came, where it is applied later."""


class TransientFailure(Exception):
    """It was never taken: safe to send again after a while, of which the provider may name the least."""

    def __init__(self, code: str, wait_seconds: float = 0.0) -> None:
        super().__init__(
            f"the provider does not answer now ({code}): messages go again by themselves, commands do not"
        )
        self.code = code
        self.wait_seconds = wait_seconds


class PermanentFailure(Exception):
    """It was refused; `reaction` says what that calls for."""

    def __init__(self, code: str, reaction: Reaction) -> None:
        why = _WHY.get(reaction, reaction)
        super().__init__(f"the provider refused ({code}): {why}")
        self.code = code
        self.reaction = reaction


class UnknownOutcome(Exception):
    """It may have been taken or not: never sent again before the provider was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(f"nobody knows whether the provider took the message ({code}): it will be asked")
        self.code = code


class Transport(Protocol):
    """Every method raises TransientFailure, PermanentFailure, UnknownOutcome; none tries twice."""

    def send(self, outgoing: Outgoing) -> Sent: ...

    def sent_to(self, channel: str, address: str, since: datetime) -> list[Listed]:
        """What the provider says was sent to `address` by `channel` since then (machine time)."""
        ...

    def received_since(self, since: datetime) -> list[Held]:
        """Messages to us since then (machine time), oldest first."""
        ...

    def incoming(self, held: Held, at: datetime) -> Incoming:
        """A held message as its webhook would have delivered it."""
        ...


@runtime_checkable
class Concurrent(Protocol):
    """A transport with calls that need no thread each."""

    def begin(self, outgoing: Outgoing) -> Future[Sent] | None:
        """`Transport.send`, begun; null where this message must be sent from a thread."""
        ...
