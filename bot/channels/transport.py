"""The port to a messaging provider: one message out, and the three ways in which that may fail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol, TypedDict

Reaction = Literal[
    "retry", "retry_later", "wait_day", "stop_sender", "other_channel", "other_form", "point_invalid", "opted_out", "template_bug", "give_up"
]  # fmt: skip
"""What a provider's refusal calls for (`errors.toml`)."""


class Choice(TypedDict):
    payload: str
    title: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """`template` with its variables stands in for the text outside the window."""

    message_id: int
    channel: str
    address: str
    text: str
    language: str
    choices: Sequence[Choice] = ()
    template: str | None = None
    """The provider's id of an approved template."""
    variables: tuple[str, ...] = ()
    valid_seconds: int | None = None
    """The provider drops it when it could not be delivered by then: the lawful hours end."""


@dataclass(frozen=True, slots=True)
class Sent:
    provider_sid: str
    account_sid: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A message as the provider's list shows it."""

    provider_sid: str
    text: str
    status: str
    at: datetime | None


class TransientFailure(Exception):
    """It was never taken: safe to send again after a while."""

    def __init__(self, code: str) -> None:
        super().__init__(f"the provider did not take the message now ({code}): it will be sent again")
        self.code = code


class PermanentFailure(Exception):
    """It was refused; `reaction` says what that calls for."""

    def __init__(self, code: str, reaction: Reaction) -> None:
        super().__init__(f"the provider refused the message ({code}): {reaction}")
        self.code = code
        self.reaction = reaction


class UnknownOutcome(Exception):
    """It may have been taken or not: never sent again before the provider was asked."""

    def __init__(self, code: str) -> None:
        super().__init__(f"nobody knows whether the provider took the message ({code}): it will be asked")
        self.code = code


class Transport(Protocol):
    def send(self, outgoing: Outgoing) -> Sent:
        """Raises TransientFailure, PermanentFailure, UnknownOutcome."""
        ...

    def sent_to(self, address: str, since: datetime) -> list[Listed]:
        """What the provider says was sent to `address` since then."""
        ...

    def received_since(self, since: datetime) -> list[dict[str, str]]:
        """Incoming messages that the provider holds, as webhook parameters."""
        ...
