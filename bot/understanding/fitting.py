"""Makes the model from the training lines: one linear classifier a column, calibrated by cross-validation.

Only `acuerdo nlu train` and the tests import this: scikit-learn stays out of every other process.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.understanding.decision import combine
from bot.understanding.features import Features, features, pieces
from bot.understanding.labels import ALSO, INTENTS
from bot.understanding.lexicon import Lexicon
from bot.understanding.model import Floats, Model, Vocabulary
from bot.understanding.segments import segments
from bot.understanding.training import Utterance, fingerprint, utterances
from bot.understanding.training.pairs import Pair, pairs
from bot.understanding.tuning import tune

_TODAY = date(2026, 11, 19)
"""The day on which all training lines are read: a Thursday in mid-month, so that past and future days both
occur.
"""
_SEED = 20261119
_PAIRS = 1500
"""Pairs of lines tried; those that go together are trained on."""
_FOLDS = 5
_STRENGTH = 0.7
"""LinearSVC's C, by cross-validation; 0.3 to 1.5 differ by less than their error."""
_LEAST = {"w": 1, "s": 2, "c": 2, "m": 1}
"""A piece of a word or a pair of concepts that occurs in a single line teaches nothing."""


@dataclass(frozen=True, slots=True)
class _Lines:
    """The training lines as rows: whole messages first in `parts` of each line; `own`: the line of
    each part.
    """

    parts: list[Features]
    own: np.ndarray
    wholes: np.ndarray
    truths: np.ndarray
    """Lines x columns: does the line mean this."""
    matched: np.ndarray
    """Lines x intents: does the lexicon match it firmly."""


def train(lines: Sequence[Utterance] | None = None) -> Model:
    """The model of the training folder, or of given lines. The same lines give the same model."""
    lines = lines if lines is not None else utterances()
    made = pairs(lines, _PAIRS, _SEED)
    prepared = _prepare([*lines, *(pair.utterance for pair in made)])
    vocabulary = _vocabulary([prepared.parts[row] for row in prepared.wholes[: len(lines)]])
    rows = _matrix(vocabulary, prepared.parts)
    weights, bias = _fit(rows[prepared.wholes], prepared.truths)
    count = len(lines)
    unseen = _unseen(prepared, rows, count, made)
    sharpness, thresholds = tune(unseen, prepared.truths[:count], prepared.matched[:count])
    return Model(vocabulary, weights, bias, sharpness, thresholds, fingerprint())


def _prepare(lines: Sequence[Utterance]) -> _Lines:
    lexicon = Lexicon.load()
    parts: list[Features] = []
    own: list[int] = []
    matched = np.zeros((len(lines), len(INTENTS)), dtype=bool)
    for number, line in enumerate(lines):
        read = list(segments(line.text, _TODAY, line.expecting, lexicon))
        matched[number] = [label in read[0].matched for label in INTENTS]
        parts.extend(features(part) for part in read)
        own.extend([number] * len(read))
    truths = np.array(
        [
            [line.label == label for label in INTENTS] + [label in (line.label, *line.also) for label in ALSO]
            for line in lines
        ]
    )
    owners = np.array(own)
    return _Lines(parts, owners, np.searchsorted(owners, np.arange(len(lines))), truths, matched)


def _vocabulary(seen: Sequence[Features]) -> Vocabulary:
    lines: Counter[str] = Counter()
    for one in seen:
        sounds = {piece for token in one.tokens for piece in pieces(token)}
        for group, prefix in ((one.words, "w"), (sounds, "s"), (one.concepts, "c"), (one.marks, "m")):
            lines.update(prefix + name for name in group)
    names = sorted(name for name, count in lines.items() if count >= _LEAST[name[0]])
    return Vocabulary(
        names, np.array([log((1 + len(seen)) / (1 + lines[name])) + 1 for name in names], dtype=np.float32)
    )


def _matrix(vocabulary: Vocabulary, seen: Sequence[Features]) -> csr_matrix:
    vectors = [vocabulary.vector(one) for one in seen]
    starts = np.cumsum([0, *(len(indices) for indices, _ in vectors)])
    indices = [index for row, _ in vectors for index in row]
    values = [value for _, row in vectors for value in row]
    matrix = csr_matrix((np.array(values), indices, starts), shape=(len(seen), len(vocabulary.names)))
    matrix.sum_duplicates()  # liblinear counts a repeated index as two features and never converges
    return matrix


def _fit(rows: csr_matrix, truths: np.ndarray) -> tuple[Floats, Floats]:
    """`(features x columns, columns)`."""
    columns = [_fit_column(rows, column) for column in truths.T]
    weights = np.stack([one for one, _ in columns], axis=1)
    return weights, np.array([bias for _, bias in columns], dtype=np.float32)


def _fit_column(rows: csr_matrix, column: np.ndarray) -> tuple[Floats, float]:
    """A column that no line has is never chosen."""
    if not column.any():
        return np.zeros(rows.shape[1], dtype=np.float32), -1.0
    fitted = LinearSVC(C=_STRENGTH, random_state=_SEED).fit(rows, column)
    return fitted.coef_[0].astype(np.float32), float(fitted.intercept_[0])


def _unseen(prepared: _Lines, rows: csr_matrix, count: int, made: Sequence[Pair]) -> Floats:
    """The margins of each of the first `count` lines by a classifier that saw neither it nor a pair of it."""
    label = prepared.truths[:count, : len(INTENTS)].argmax(1)
    margins = np.zeros((count, prepared.truths.shape[1]), dtype=np.float32)
    for known, unknown in StratifiedKFold(_FOLDS, shuffle=True, random_state=_SEED).split(label, label):
        kept = {*known.tolist()}
        own = [count + at for at, pair in enumerate(made) if kept.issuperset(pair.parents)]
        learnt = np.concatenate([known, np.array(own, dtype=known.dtype)])
        weights, bias = _fit(rows[prepared.wholes[learnt]], prepared.truths[learnt])
        parts = np.flatnonzero(np.isin(prepared.own, unknown))
        scores = np.asarray(rows[parts] @ weights + bias, dtype=np.float32)
        for line, mine in zip(
            unknown, np.split(scores, np.searchsorted(prepared.own[parts], unknown[1:])), strict=True
        ):
            margins[line] = combine(list(mine))
    return margins
