"""What may happen to a conversation. The same road for all: a message, a timer, a release, an outreach, a
fact from elsewhere.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from values import LoanId, Money

_REMEMBERED = ("time_window", "channel", "frequency", "instalments", "month_end")
MediaKind = Literal["text", "image", "document", "audio", "video", "sticker", "location", "contact"]


@dataclass(frozen=True, slots=True)
class AccountGiven:
    """A bank account in the text, already out of it: the digits stay with the caller, under `fingerprint`."""

    kind: Literal["clabe", "card", "account", "phone", "several", "invalid", "length"]
    fingerprint: str = ""
    bank_code: str = ""
    bank: str | None = None
    """Display name; null for a bank that nobody lists."""
    last4: str = ""
    debitable: bool = False
    """Whether the provider can debit this bank."""
    taken: bool = False
    """Whether somebody else's mandate already uses it."""


@dataclass(frozen=True, slots=True)
class PaymentPart:
    """One of several payments in a message: «300 hoy y lo demás el 10» has two."""

    amount: Money | None = None
    date: dt.date | None = None
    share: Literal["half", "rest", "all"] | None = None
    """Of what is due, where no sum is given."""
    other_loan: bool = False
    """Whether it is for another loan than the one spoken of."""

    def to_json(self) -> dict[str, Any]:
        return {
            "amount": self.amount.centavos if self.amount is not None else None,
            "date": self.date.isoformat() if self.date is not None else None,
            "share": self.share,
            "other_loan": self.other_loan,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "PaymentPart":
        return cls(
            Money(data["amount"]) if data.get("amount") is not None else None,
            dt.date.fromisoformat(data["date"]) if data.get("date") else None,
            data.get("share"),
            data.get("other_loan", False),
        )


@dataclass(frozen=True, slots=True)
class Message:
    """The borrower wrote."""

    text: str
    intent: str
    confidence: float = 1.0
    certain: bool = True
    """Whether the reading passes its label's threshold; if not, `alternatives` are offered as a question."""
    also: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    payload: str | None = None
    """Of a pressed button or a picked row."""
    stale: bool = False
    """Whether it answers a message of ours that is not the newest."""
    kind: MediaKind = "text"
    amount: Money | None = None
    date: dt.date | None = None
    account: AccountGiven | None = None
    entities: Mapping[str, Any] = field(default_factory=dict)
    """The rest: frequency, instalments, time_window, channel, phone."""
    topic: str | None = None
    """The lender's topic that the text asks about, where it is more specific than the intent."""
    parts: tuple[PaymentPart, ...] = ()
    """Where the text names several payments, or a share, or another loan; `amount` and `date` are then those
    that the act turns on, and not the whole.
    """
    either: tuple[PaymentPart, ...] = ()
    """Days or sums of one payment, of which it leaves open which is meant: «el 15 o el 16»."""
    asks: tuple["Message", ...] = ()
    """Its questions that can be answered, each read alone, where it says or asks more than one thing."""
    rest: "Message | None" = None
    """What it says next to these, read alone."""
    wish: "Message | None" = None
    """What it wishes after that, read alone: «quiten el cargo y háganme un plan»."""
    proof: "Message | None" = None
    """The birthday in it, read alone, where it says something else too: `remainder`, read alone."""
    remainder: "Message | None" = None
    already: tuple[str, ...] = ()
    """What was done of it while a person had the conversation, by its reason; it is answered later."""
    act: str | None = None
    """What it does to what, read against what is going on (`flows/acts`): `move.promise`."""

    @property
    def gist(self) -> dict[str, Any]:
        """What a flow may have to remember of the message that called for it, while it waits for the borrower
        to be known; JSON values.
        """
        kept: dict[str, Any] = {"intent": self.intent, "kind": self.kind}
        if self.act is not None:
            kept["act"] = self.act
        if self.topic is not None:
            kept["topic"] = self.topic
        if self.amount is not None:
            kept["amount"] = self.amount.centavos
        if self.date is not None:
            kept["date"] = self.date.isoformat()
        if self.parts:
            kept["parts"] = [part.to_json() for part in self.parts]
        if self.either:
            kept["either"] = [part.to_json() for part in self.either]
        return kept | {name: self.entities[name] for name in _REMEMBERED if name in self.entities}

    def meaning(self, intent: str) -> "Message":
        """The same text, certainly with this intent and with no other."""
        return replace(self, intent=intent, also=(), topic=None, certain=True)

    def acting(self, act: str) -> "Message":
        """The same text, certainly with this act and with no intent besides."""
        return replace(self.meaning("other"), act=act)

    def without(self, *labels: str) -> "Message":
        """The same text, which does not also have these intents."""
        return replace(self, also=tuple(label for label in self.also if label not in labels))


@dataclass(frozen=True, slots=True)
class TimerFired:
    name: str
    wait_id: int


@dataclass(frozen=True, slots=True)
class Outreach:
    """The scheduler, or the lender, decided to reach out with `flow`."""

    flow: str
    loan_id: LoanId | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    unasked_at: str | None = None
    """When it was decided before, with words that never left: what they asked, nobody was asked."""


@dataclass(frozen=True, slots=True)
class Released:
    """An agent gave the conversation back: the pending question is asked again."""


@dataclass(frozen=True, slots=True)
class DomainEvent:
    """A fact from the ledger or the provider, by its ledger kind: `payment.posted`, `promise.kept`,
    `charge.returned` …
    """

    kind: str
    loan_id: LoanId
    data: Mapping[str, Any] = field(default_factory=dict)
    """Amounts as Money, days as date."""


Event = Message | TimerFired | Outreach | Released | DomainEvent
