"""Which of the lender's topics a message asks about: one linear classifier a topic, fitted at first use on
a few examples each, against a share of the model's own training lines.

Ridge regression in its dual form: a few hundred examples are solved in a fraction of a second, and the score
of each example by a classifier that has not seen it comes without fitting again.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bot.understanding.entities import NOTHING
from bot.understanding.features import Features, Segment, features, pieces
from bot.understanding.model import CONCEPT_WEIGHT, Floats, Vocabulary
from bot.understanding.normalize import plain, words
from bot.understanding.training import utterances

Examples = tuple[tuple[str, tuple[str, ...]], ...]
"""Each topic with its examples."""

_RIDGE = 0.5
_EXAMPLE_WEIGHT = 4.0
"""Of an example against a line of the background."""
_BACKGROUND_STEP = 20
"""Every twentieth training line is background."""
_THRESHOLDS = np.arange(0.15, 0.6, 0.01)


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """`name`: null where no topic is near enough; `confidence`: of the nearest all the same, 0.5 at the
    threshold.
    """

    name: str | None
    confidence: float


NO_TOPIC = TopicGuess(None, 0.0)


class Topics:
    """Recognises the topics of one lender's file."""

    def __init__(self, examples: Examples, vocabulary: Vocabulary) -> None:
        self._examples, self._vocabulary = examples, vocabulary

    def find(self, text: str) -> TopicGuess:
        """The topic that the text asks about."""
        if not self._examples:
            return NO_TOPIC
        index, weights, threshold = self._fitted
        scores = _scores(_vector(text, self._vocabulary), index, weights)
        best = int(scores.argmax())
        confidence = min(1.0, max(0.0, float(scores[best]) / (2 * threshold)))
        return TopicGuess(self._examples[best][0] if confidence >= 0.5 else None, confidence)

    @cached_property
    def _fitted(self) -> tuple[dict[str, int], Floats, float]:
        """Features by number, `(features + 1 constant) x topics`, and the threshold."""
        own = [(number, text) for number, (_, texts) in enumerate(self._examples) for text in texts]
        vectors = [_vector(text, self._vocabulary) for _, text in own]
        index = {
            name: number for number, name in enumerate(sorted({name for one in vectors for name in one}))
        }
        vectors += [_vector(text, self._vocabulary) for text in background()]
        rows = _matrix(vectors, index)
        truths = np.zeros((len(vectors), len(self._examples)), dtype=np.float32)
        truths[np.arange(len(own)), [number for number, _ in own]] = 1.0
        weights, unseen = _ridge(rows, truths, len(own))
        return index, weights, _threshold(unseen, truths, len(own))


def background() -> list[str]:
    """A share of the training lines: what is written when nobody asks about a topic."""
    return [line.text for line in utterances()][::_BACKGROUND_STEP]


def _vector(text: str, vocabulary: Vocabulary) -> dict[str, float]:
    """Names and values of all features, those too that the model never saw."""
    spaced = words(plain(text))
    seen = features(Segment(text, spaced, [], NOTHING, None, ""))
    vector: dict[str, float] = {}
    for group, length in _groups(seen):
        values = {name: vocabulary.weight(name) for name in group}
        norm = sum(value * value for value in values.values()) ** 0.5 / length or 1.0
        vector |= {name: value / norm for name, value in values.items()}
    return vector


def _groups(seen: Features) -> Iterator[tuple[set[str], float]]:
    """The features of each kind, and the length that the kind has in the vector."""
    yield {"w" + name for name in seen.words}, 1.0
    yield {"s" + piece for token in seen.tokens for piece in pieces(token)}, 1.0
    yield {"c" + name for name in seen.concepts}, CONCEPT_WEIGHT


def _matrix(vectors: Sequence[Mapping[str, float]], index: Mapping[str, int]) -> Floats:
    rows = np.zeros((len(vectors), len(index) + 1), dtype=np.float32)
    for row, vector in zip(rows, vectors, strict=True):
        for name, value in vector.items():
            if (column := index.get(name)) is not None:
                row[column] = value
    rows[:, -1] = 1.0
    return rows


def _ridge(rows: Floats, truths: Floats, examples: int) -> tuple[Floats, Floats]:
    """The weights, and the scores of each row by weights that have not seen it."""
    strength = np.full(len(rows), _RIDGE, dtype=np.float32)
    strength[:examples] /= _EXAMPLE_WEIGHT
    inner = rows @ rows.T
    solved = np.linalg.inv(inner + np.diag(strength))
    dual = (solved @ truths).astype(np.float32)
    own = np.diag(inner @ solved)[:, None]
    unseen: Floats = ((inner @ dual) - own * truths) / (1 - own)
    weights: Floats = rows.T @ dual
    return weights, unseen


def _scores(vector: Mapping[str, float], index: Mapping[str, int], weights: Floats) -> Floats:
    known = [(column, value) for name, value in vector.items() if (column := index.get(name)) is not None]
    columns = [column for column, _ in known]
    values = np.array([value for _, value in known], dtype=np.float32)
    scores: Floats = values @ weights[columns] + weights[-1] if known else weights[-1]
    return scores


def _threshold(unseen: Floats, truths: Floats, examples: int) -> float:
    """Where most is gained: examples named right, less those named wrong and background lines taken."""
    best = unseen.max(1)
    right = unseen[:examples].argmax(1) == truths[:examples].argmax(1)
    gains = {}
    for threshold in _THRESHOLDS:
        named, taken = best[:examples] >= threshold, best[examples:] >= threshold
        gains[float(threshold)] = int((named & right).sum()) - int((named & ~right).sum()) - int(taken.sum())
    return max(gains, key=lambda threshold: (gains[threshold], threshold))
