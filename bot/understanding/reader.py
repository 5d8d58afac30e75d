"""What a message means: heard whole and by clause, weighed by the model, decided with safety first."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.understanding.decision import Decision, combine, decide
from bot.understanding.features import Heard, features
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import ARTEFACT, Model
from bot.understanding.phonetics import hear

_SURE = 0.97
_LETTER = re.compile(r"[^\W\d_]")
_NUMBER = re.compile(r"[\s$.,\d]*\d[\s$.,\d]*")


@dataclass(frozen=True, slots=True)
class Reading:
    """`entities` in the forms of the labels page; `alternatives` the likeliest labels with their confidence,
    best first.
    """

    intent: str
    confidence: float
    certain: bool
    also: tuple[str, ...]
    entities: dict[str, Any]
    alternatives: tuple[tuple[str, float], ...]


class Understanding:
    """Reads one message in about half a millisecond; holds no state of any conversation."""

    def __init__(self, lexicon: Lexicon, model: Model) -> None:
        self._lexicon, self._model = lexicon, model

    def read(self, text: str, today: date, expecting: str | None = None) -> Reading:
        """Never raises for any text."""
        parts = hear(text, today, expecting, self._lexicon)
        whole = next(parts)
        decision = _by_rule(whole) or self._by_model([whole, *parts])
        return Reading(
            decision.intent,
            round(decision.confidence, 4),
            decision.certain,
            decision.also,
            whole.entities,
            tuple((label, round(likely, 4)) for label, likely in decision.alternatives),
        )

    def _by_model(self, heard: list[Heard]) -> Decision:
        margins = [self._model.margins(features(part)) for part in heard]
        return decide(combine(margins), heard[0].witnessed, self._model.sharpness, self._model.thresholds)


def _by_rule(heard: Heard) -> Decision | None:
    """Nothing at all means nothing, a bare number what the labels page says, a message that the lexicon knows
    whole what stands there.

    Of 336 training lines that the lexicon knows whole, ten mean something else: as sure as `_SURE` says, and
    the model is not asked.
    """
    if not heard.said.strip() and not heard.text.strip():
        return _sure("other")
    known = [label for label, firmness in heard.hits if firmness == "whole"]
    if len(known) == 1 and _LETTER.search(heard.text):
        return _sure(known[0])
    if not _NUMBER.fullmatch(heard.text):
        return None
    if "clabe" in heard.entities or "clabe_invalid" in heard.entities:
        return _sure("provide_clabe")
    asked = heard.expecting in ("amount", "date") and heard.expecting in heard.entities
    return _sure("promise_to_pay" if asked else "other")


def _sure(label: str) -> Decision:
    return Decision(label, _SURE, certain=True, also=(), alternatives=((label, _SURE),))


@lru_cache(maxsize=1)
def load(artefact: Path = ARTEFACT) -> Understanding:
    """The lexicon and the shipped model, once for the process. Raises UnusableModel, FileNotFoundError."""
    return Understanding(Lexicon.load(), Model.load(artefact))
