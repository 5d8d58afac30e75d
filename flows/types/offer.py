"""An offer: what is paid when, what is waived for it, and the rule that allows it."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from values import Money

OfferKind = Literal["plan", "settlement", "extension", "due_day"]


@dataclass(frozen=True, slots=True)
class Part:
    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True)
class Offer:
    kind: OfferKind
    parts: tuple[Part, ...]
    frequency: str
    discount: Money
    """What is waived once the parts are paid."""
    rule: str
    """The table of the policy that allows it."""
    as_of: date
    covers_until: date
    """It is about the instalments that fall due up to this day."""
    needs_person: str | None = None
    """Why a person has to approve it; null where the borrower's yes is enough."""

    @property
    def total(self) -> Money:
        return Money.total(part.amount for part in self.parts)

    @property
    def first(self) -> Part:
        return self.parts[0]

    @property
    def last(self) -> Part:
        return self.parts[-1]

    @property
    def largest(self) -> Money:
        return max(part.amount for part in self.parts)

    @property
    def key(self) -> str:
        """The same terms have the same key: an offer is made once, however often it is asked for."""
        terms = [self.kind, self.frequency, str(self.discount.centavos)]
        terms += [f"{part.due_date.isoformat()}:{part.amount.centavos}" for part in self.parts]
        return hashlib.sha256("|".join(terms).encode()).hexdigest()[:24]

    def to_json(self) -> dict[str, Any]:
        """For the slots of a conversation."""
        return {
            "kind": self.kind,
            "frequency": self.frequency,
            "discount": self.discount.centavos,
            "rule": self.rule,
            "as_of": self.as_of.isoformat(),
            "covers_until": self.covers_until.isoformat(),
            "needs_person": self.needs_person,
            "parts": [[part.due_date.isoformat(), part.amount.centavos] for part in self.parts],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Offer":
        return cls(
            kind=data["kind"],
            parts=tuple(Part(date.fromisoformat(day), Money(amount)) for day, amount in data["parts"]),
            frequency=data["frequency"],
            discount=Money(data["discount"]),
            rule=data["rule"],
            as_of=date.fromisoformat(data["as_of"]),
            covers_until=date.fromisoformat(data.get("covers_until", data["as_of"])),
            needs_person=data["needs_person"],
        )


def distinct(offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """In their order, none twice."""
    return tuple({offer.key: offer for offer in offers}.values())
