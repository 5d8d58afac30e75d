"""From margins to a meaning: clauses are weighted, safety goes first, and doubt stays doubt."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.understanding.labels import ALSO, INTENTS, PRECEDENCE, SAFETY
from bot.understanding.model import Floats, Thresholds

CLAUSE_WEIGHT = 0.3
"""Of the clauses next to the whole, by cross-validation."""
_WEAK = np.array([label in {"greet", "thank", "affirm", "deny", "abuse", "other"} for label in INTENTS])
"""These mean something only when every clause does."""
_SAFETY = tuple((INTENTS.index(label), label) for label in PRECEDENCE if label in SAFETY)
"""In the order of precedence."""
_NEAR = 0.7
"""Of several safety acts, those nearly as likely as the likeliest are ranked by precedence; by
cross-validation.
"""

_DOUBTED = 0.05
"""An act that goes before the intent and is at least as likely as this, or ends something and has its
own words in the lexicon, is the intent; any other is invented rather than meant; by cross-validation.
"""
_CLEAR = 0.4
"""By how much the margin of an act passes its threshold where the act is certain; of 27 such messages that
were in doubt 26 were right.
"""
_ENDING = ("opt_out", "cancel_debit", "dispute_debt", "dispute_charge", "report_vulnerability")
_STAND = ("talk_to_human", "complain")
"""Who asks for a senior person and gives a reason asks for the person."""
_FEE = ("dispute_charge", "dispute_debt")
"""Who names a fee that was not asked for disputes the fee and not the debt."""


_SILENCE = ("report_vulnerability", "opt_out")
"""Next to a death or an illness a wish for silence is reported as soon as its classifier says yes."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`alternatives`: the likeliest labels with their probability, the intent first."""

    intent: str
    confidence: float
    certain: bool
    also: tuple[str, ...]
    alternatives: tuple[tuple[str, float], ...]


def combine(parts: Sequence[Floats]) -> Floats:
    """The margins of each part, the whole message first, into one: of a clause counts the firmest yes, of a
    courtesy the firmest no.
    """
    if len(parts) == 1:
        return parts[0]
    margins = np.stack(parts)
    clauses = margins[1:, : len(INTENTS)]
    firmest = np.where(_WEAK, clauses.min(0), clauses.max(0))
    meant = (margins[0, : len(INTENTS)] + CLAUSE_WEIGHT * firmest) / (1 + CLAUSE_WEIGHT)
    return np.concatenate([meant, margins[:, len(INTENTS) :].max(0)])


def probabilities(margins: Floats, sharpness: float) -> Floats:
    """Of the intents, along the last axis."""
    meant = margins[..., : len(INTENTS)]
    raised: Floats = np.exp((meant - meant.max(-1, keepdims=True)) * np.float32(sharpness))
    shares: Floats = raised / raised.sum(-1, keepdims=True)
    return shares


def decide(margins: Floats, matched: frozenset[str], sharpness: float, thresholds: Thresholds) -> Decision:
    """The likeliest intent; a safety act wins from its own threshold on, the first of those that are near.
    `matched`: what the lexicon matches too.
    """
    likely = probabilities(margins, sharpness).tolist()
    order = sorted(range(len(likely)), key=likely.__getitem__, reverse=True)[:4]
    safe = [
        (likely[column], column)
        for column, label in _SAFETY
        if likely[column] >= thresholds.of(label, matched)
    ]
    first = next(column for chance, column in safe if chance >= _NEAR * max(safe)[0]) if safe else order[0]
    intent, confidence = INTENTS[first], likely[first]
    acts = also(margins, intent, thresholds)
    if intent not in ALSO:
        acts = tuple(
            act
            for act in acts
            if (act in _ENDING and act in matched)
            or _goes_after(act, intent)
            or likely[INTENTS.index(act)] >= _DOUBTED
        )
    if higher := _outranking(intent, acts):
        acts = tuple(label for label in ALSO if label in acts or label == intent if label != higher)
        if intent not in ALSO and not _is_clear(higher, margins, thresholds):
            confidence = likely[INTENTS.index(higher)]
        intent, first = higher, INTENTS.index(higher)
    ranked = [first, *(column for column in order if column != first)][:3]
    return Decision(
        intent,
        confidence,
        confidence >= thresholds.acting[intent] or _is_clear(intent, margins, thresholds),
        acts,
        tuple((INTENTS[column], likely[column]) for column in ranked),
    )


def outranked(decision: Decision, act: str, confidence: float) -> Decision:
    """With an act that is certain, whatever the model makes of the words: the intent, where it goes before
    the one that was decided; else next to it.
    """
    if decision.intent == act:
        return replace(decision, confidence=max(confidence, decision.confidence), certain=True)
    found = {act, decision.intent, *decision.also}
    intent = decision.intent if _goes_after(act, decision.intent) else act
    also = tuple(label for label in ALSO if label in found and label != intent)
    if intent != act:
        return replace(decision, also=also)
    others = tuple(other for other in decision.alternatives if other[0] != act)
    return Decision(act, confidence, certain=True, also=also, alternatives=((act, confidence), *others[:2]))


def without(decision: Decision, act: str) -> Decision:
    """With an act that is certainly not meant: the next likeliest is the intent, in doubt."""
    also = tuple(label for label in decision.also if label != act)
    if decision.intent != act:
        return replace(decision, also=also)
    (intent, confidence), *others = (other for other in decision.alternatives if other[0] != act)
    kept = tuple(label for label in also if label != intent)
    return Decision(intent, confidence, False, kept, ((intent, confidence), *others))


def _outranking(intent: str, acts: tuple[str, ...]) -> str | None:
    """The act that goes before the intent where both are meant."""
    higher = [act for act in acts if not _goes_after(act, intent)]
    found = min(higher, key=PRECEDENCE.index, default=None)
    return None if (intent, found) == _STAND else found


def _is_clear(intent: str, margins: Floats, thresholds: Thresholds) -> bool:
    """Whether its own classifier is sure of the act, whatever else the message says."""
    return (
        intent in ALSO
        and float(margins[len(INTENTS) + ALSO.index(intent)]) >= thresholds.also[intent] + _CLEAR
    )


def _goes_after(act: str, intent: str) -> bool:
    return PRECEDENCE.index(act) > PRECEDENCE.index(intent)


def also(margins: Floats, intent: str, thresholds: Thresholds) -> tuple[str, ...]:
    other_acts = margins[len(INTENTS) :].tolist()
    return tuple(
        label
        for label, margin in zip(ALSO, other_acts, strict=True)
        if label != intent
        and margin >= (0.0 if (intent, label) == _SILENCE else thresholds.also[label])
        and (intent, label) != _FEE
    )
