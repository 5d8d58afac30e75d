"""Calibrates the model on the margins of unseen lines: sharpness, and the thresholds to act and to report."""

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar

from bot.understanding.decision import probabilities
from bot.understanding.labels import ALSO, INTENTS, PRECEDENCE, SAFETY
from bot.understanding.model import Floats, Thresholds

Flags = npt.NDArray[np.bool_]

_ACTING_PRECISION = 0.84
"""On our own lines, a quarter of which stand on a border on purpose; real messages are easier.
"""
_EASIER = 1.2
"""Real messages are easier than our own lines: without this factor the bot would doubt too often.
"""
_SAFETY_PRECISION = 0.85
"""A safety act is done at less certainty: what it does can be undone, what it misses cannot."""
_MISSED = 3
"""A missed safety act weighs as much as so many false ones."""
_RECALL = 5
"""An act of `also` that is missed weighs as much as so many reported for nothing (beta squared)."""
_ALONE, _MATCHED = np.arange(0.15, 0.51, 0.025).round(3), np.arange(0.03, 0.51, 0.01).round(3)
"""Where a safety label's threshold may lie; where the lexicon matches it too."""


def tune(margins: Floats, truths: Flags, matched: Flags) -> tuple[float, Thresholds]:
    """`(sharpness, thresholds)` from the margins of lines by classifiers that did not see them.

    `truths`: lines x columns; `matched`: lines x intents, does the lexicon match it.
    """
    meant = truths[:, : len(INTENTS)].argmax(1)
    sharpness = round(_sharpness(margins, meant) * _EASIER, 4)
    likely = probabilities(margins, sharpness)
    columns = {label: INTENTS.index(label) for label in PRECEDENCE if label in SAFETY}
    alone = {
        label: _safety(likely[lines], meant[lines], at, _ALONE)
        for label, at in columns.items()
        for lines in [~matched[:, at]]
    }
    confirmed = {
        label: _safety(likely[lines], meant[lines], at, _MATCHED)
        for label, at in columns.items()
        for lines in [matched[:, at]]
    }
    also = {
        label: _also(margins[:, len(INTENTS) + number], truths, number) for number, label in enumerate(ALSO)
    }
    return sharpness, Thresholds(_acting(likely, meant), alone, confirmed, also)


def _sharpness(margins: Floats, meant: npt.NDArray[np.intp]) -> float:
    """The factor under which the truths are likeliest (temperature scaling)."""
    lines = np.arange(len(meant))

    def surprise(sharpness: float) -> float:
        return float(-np.log(probabilities(margins, sharpness)[lines, meant] + 1e-12).mean())

    return float(minimize_scalar(surprise, bounds=(0.5, 30.0), method="bounded").x)


def _acting(likely: Floats, meant: npt.NDArray[np.intp]) -> dict[str, float]:
    chosen, sure = likely.argmax(1), likely.max(1)
    general = _precise(sure, chosen == meant, _ACTING_PRECISION)
    found = dict.fromkeys(INTENTS, general)
    for label in SAFETY:
        own = chosen == INTENTS.index(label)
        found[label] = min(general, _precise(sure[own], (chosen == meant)[own], _SAFETY_PRECISION))
    return found


def _precise(sure: Floats, right: Flags, wanted: float) -> float:
    """The least confidence from which on at least the wanted share is right."""
    order = np.argsort(-sure, kind="stable")
    shares = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(shares >= wanted)
    return round(float(sure[order[enough[-1]]]), 4) if len(enough) else 1.0


def _safety(
    likely: Floats, meant: npt.NDArray[np.intp], column: int, candidates: npt.NDArray[np.float64]
) -> float:
    """Where overruling the likeliest label gains most: acts caught, times what one weighs, less right
    readings lost.
    """
    best = likely.argmax(1)
    gains = {}
    for threshold in candidates:
        overruled = (likely[:, column] >= threshold) & (best != column)
        gains[float(threshold)] = _MISSED * int((overruled & (meant == column)).sum()) - int(
            (overruled & (best == meant)).sum()
        )
    return max(gains, key=lambda threshold: (gains[threshold], threshold))


def _also(margin: Floats, truths: Flags, number: int) -> float:
    """The margin that best separates (F-measure) the lines that carry the act next to another meaning from
    the others.
    """
    carries = truths[:, len(INTENTS) + number]
    others = ~truths[:, INTENTS.index(ALSO[number])]
    wanted, margin = carries[others], margin[others]
    scores = {}
    for threshold in np.arange(-0.6, 0.61, 0.02).round(2):
        reported = margin >= threshold
        scores[float(threshold)] = (
            (1 + _RECALL)
            * int((reported & wanted).sum())
            / max(1, int(reported.sum()) + _RECALL * int(wanted.sum()))
        )
    return max(scores, key=lambda threshold: (scores[threshold], threshold))
