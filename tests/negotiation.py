"""A robot that negotiates: it wishes, refuses, insists and agrees at random, against the conversations as
they are, and everything that it is offered is held against the policy.
"""

import json
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, time
from random import Random
from typing import Any

import flows
from flows import Conversation
from flows.offers.arithmetic import Situation
from flows.types.effects import AgreePlan, HandOff, MakeOffers, MakePromise, Say
from flows.types.event import Message, PaymentPart
from flows.types.facts import Facts, InstalmentFacts, LoanFacts, OfferedFacts
from flows.types.offer import Offer
from flows.types.offers import OffersPolicy
from tests.facts import ANA, LENDER, LOAN
from tests.offers import outside, random_policy, random_situation
from values import Money

MOST_MESSAGES = 14
_INTENTS = ("request_plan", "promise_to_pay", "deny", "request_discount", "report_hardship", "other")


@dataclass
class Drill:
    """What was seen over all conversations."""

    talks: int = 0
    agreed: int = 0
    messages: int = 0
    """Of ours, in the conversations that ended with an agreement."""
    offers: int = 0
    faults: list[str] = field(default_factory=list)
    ends: Counter[str] = field(default_factory=Counter)
    equal: dict[tuple[int, str], tuple[str, ...]] = field(default_factory=dict)
    """By policy and situation, and what was asked first: the offers that were made."""

    def report(self) -> str:
        """In words."""
        share = 100 * self.agreed / max(1, self.talks)
        each, offers = self.messages / max(1, self.agreed), self.offers / max(1, self.agreed)
        return (
            f"{self.talks} conversations: {share:.1f} % agreed, {each:.2f} messages and {offers:.2f} offers "
            f"per agreement, {len(self.faults)} faults; {dict(self.ends)}"
        )


def negotiate(drill: Drill, policies: int, talks: int, seed: int) -> Drill:
    """`talks` conversations under each of `policies` random policies; each debt meets several borrowers."""
    rng = Random(seed)
    for number in range(policies):
        policy = random_policy(rng)
        debts = [replace(random_situation(rng), plan_in_force=False) for _ in range(max(1, talks // 10))]
        for talk in range(talks):
            _talk(drill, (number, talk % len(debts)), policy, debts[talk % len(debts)], rng)
    return drill


def _facts(policy: OffersPolicy, debt: Situation) -> Facts:
    loan = replace(
        LOAN,
        status=debt.status,
        product=debt.product,
        holds=debt.holds,
        plan_broken=debt.plan_broken,
        extended_on=debt.extended_on,
        instalments=tuple(InstalmentFacts(o.number, o.due_date, o.unpaid) for o in debt.instalments),
    )
    ana = replace(ANA, loans=(loan,), notice_given=True)
    now = datetime.combine(debt.as_of, time(18), UTC)
    terms = replace(LENDER.terms, offers=policy)
    return Facts(now, debt.as_of, LENDER.facts, terms, (ana,), ana, "whatsapp")


def _message(rng: Random, step: Any, first: bool) -> Message:
    """What the robot writes next: often to the point, often not."""
    if first:
        return Message("quiero un plan", rng.choice(("request_plan", "request_plan", "request_discount")))
    shown = [choice.payload for say in step.effects if isinstance(say, Say) for choice in say.choices]
    roll = rng.random()
    if shown and roll < 0.45:
        payload = rng.choice(shown)
        return Message(payload, "other", payload=payload)
    if roll < 0.65:
        return Message("sí", "affirm")
    entities: dict[str, Any] = {}
    if rng.random() < 0.3:
        entities["instalments"] = rng.randint(1, 30)
    if rng.random() < 0.2:
        entities["frequency"] = rng.choice(("weekly", "semimonthly", "monthly"))
    amount = Money(rng.randint(1, 400_000)) if rng.random() < 0.5 else None
    if rng.random() < 0.2 and amount is not None:
        entities["instalments"] = rng.randint(1, 12)
        parts = (PaymentPart(amount, None), PaymentPart(None, None, "rest"))
        return Message("eso ahorita y lo demás en pagos", "request_plan", entities=entities, parts=parts)
    text = rng.choice(("de todo mi crédito", "bájale", "no me alcanza", "por favor!!", "ya dije que no"))
    return Message(text, rng.choice(_INTENTS), amount=amount, entities=entities)


def _talk(drill: Drill, who: tuple[int, int], policy: OffersPolicy, debt: Situation, rng: Random) -> None:
    facts, conversation, step = _facts(policy, debt), Conversation(), None
    drill.talks += 1
    sent: list[tuple[Any, ...]] = []
    offers: list[Offer] = []
    for turn in range(MOST_MESSAGES):
        message = _message(rng, step, first=turn == 0)
        step = flows.step(
            Conversation.from_json(json.loads(json.dumps(conversation.to_json()))), message, facts
        )
        conversation = step.conversation
        for effect in step.effects:
            match effect:
                case MakeOffers():
                    offers += effect.offers
                    drill.faults += [f"{who}: {f}" for o in effect.offers for f in outside(policy, debt, o)]
                    if turn == 0:
                        _same(drill, who, message.intent, effect)
                    facts = _offered(facts, effect)
                case AgreePlan():
                    _agreed(drill, who, effect, sent, offers)
                case Say():
                    sent.append(effect.lines)
        if end := _end(step.effects):
            drill.ends[end] += 1
            if end == "agreed":
                drill.agreed += 1
                drill.messages += len(sent)
                drill.offers += len({offer.key for offer in offers})
            return
    drill.ends["talked on"] += 1


def _same(drill: Drill, who: tuple[int, int], intent: str, effect: MakeOffers) -> None:
    """Equals get the same."""
    keys = tuple(offer.key for offer in effect.offers)
    place = (who[0] * 10_000 + who[1], intent)
    if drill.equal.setdefault(place, keys) != keys:
        drill.faults.append(f"{who}: two equals were offered different terms")


def _offered(facts: Facts, effect: MakeOffers) -> Facts:
    assert facts.borrower is not None
    loan: LoanFacts = facts.borrower.loans[0]
    made = tuple(
        OfferedFacts(o.kind, o.as_of, o.first.due_date, o.total + o.discount, o.covers_until)
        for o in effect.offers
    )
    ana = replace(facts.borrower, loans=(replace(loan, offered=(*loan.offered, *made)[-9:]),))
    return replace(facts, borrower=ana, candidates=(ana,))


def _agreed(
    drill: Drill, who: tuple[int, int], effect: AgreePlan, sent: list[tuple[Any, ...]], offers: list[Offer]
) -> None:
    """Nothing is agreed but what was offered and read back in those very words."""
    if effect.offer.key not in {offer.key for offer in offers}:
        drill.faults.append(f"{who}: agreed to what was never offered")
    shown = [lines[: len(effect.terms)] for lines in sent] + [
        lines[-len(effect.terms) - 1 : -1] for lines in sent
    ]
    if effect.terms not in shown:
        drill.faults.append(f"{who}: agreed to words that were not read back")


def _end(effects: tuple[Any, ...]) -> str | None:
    if any(isinstance(effect, AgreePlan) for effect in effects):
        return "agreed"
    handed = next((effect for effect in effects if isinstance(effect, HandOff)), None)
    if handed is not None:
        return f"person: {handed.reason}"
    return "promised" if any(isinstance(effect, MakePromise) for effect in effects) else None
