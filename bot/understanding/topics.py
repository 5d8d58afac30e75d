"""Which of the lender's topics a message asks about: one linear classifier a topic, fitted at first use on
a few examples each, against a share of the model's own training lines.

Ridge regression in its dual form, on sparse features: a few hundred examples are solved in a fraction of a
second, three thousand in a few, and the score of each example by a classifier that has not seen it comes
without fitting again.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import numpy.typing as npt

from bot.understanding.entities import NOTHING
from bot.understanding.features import Features, Segment, features, pieces
from bot.understanding.model import Floats, Vocabulary
from bot.understanding.normalize import plain, words
from bot.understanding.training import unanswered, utterances

Examples = tuple[tuple[str, tuple[str, ...]], ...]
"""Each topic with its examples."""
Column = tuple[npt.NDArray[np.int64], Floats]
"""Rows, and their values."""

KEPT = Path(__file__).parent / "topics.npz"
"""The sample's topics, fitted; plain arrays, like the model."""
_RIDGE = 1.0
_EXAMPLE_WEIGHT, _UNANSWERED_WEIGHT = 4.0, 2.0
"""Of an example, and of a question that no topic answers, against a line of the background."""
_LEAST = 2
"""A feature of a single example teaches nothing of the others."""
_PAIR_WEIGHT, _CONCEPT_WEIGHT = 0.5, 0.8
"""Of pairs of words and of concepts, next to words and sounds; by leaving one out."""
_BACKGROUND_STEP = 15
"""Every fifteenth training line is background."""
_FEW, _SHORT = 4, 0.1
"""From so many words on the threshold is enough; for each that lacks so much more is asked for."""
_THRESHOLDS = np.arange(0.15, 0.6, 0.01)
_COMMON = 40
"""A feature of so many lines is multiplied with its like at once, a rarer one by itself."""
_SMALL = 256
"""Rows of a matrix that is inverted whole."""


@dataclass(frozen=True, slots=True)
class TopicGuess:
    """`name`: null where no topic is near enough; `confidence` is the nearest one's, 0.5 at the threshold."""

    name: str | None
    confidence: float
    nearest: str | None = None


NO_TOPIC = TopicGuess(None, 0.0)


@dataclass(frozen=True, slots=True)
class Fitted:
    """`index`: the features' rows in `weights`, whose last row is the constant."""

    index: dict[str, int]
    weights: Floats
    threshold: float


class Topics:
    """Recognises the topics of one lender's file."""

    def __init__(self, examples: Examples, vocabulary: Vocabulary, made_from: str = "") -> None:
        self._examples, self._vocabulary = examples, vocabulary
        self._key = hashlib.sha256(repr((examples, made_from)).encode()).hexdigest()

    def find(self, seen: Features) -> TopicGuess:
        """The topic that a text of these features asks about."""
        if not self._examples:
            return NO_TOPIC
        scores = _scores(_vector(seen, self._vocabulary), self._fitted)
        best = int(scores.argmax())
        confidence = min(1.0, max(0.0, float(scores[best]) / (2 * self._fitted.threshold)))
        nearest = self._examples[best][0]
        return TopicGuess(nearest if confidence >= _needed(seen) else None, confidence, nearest)

    @cached_property
    def _fitted(self) -> Fitted:
        """Kept since the last `acuerdo nlu train` for the sample's topics; fitted here for others."""
        return _kept(self._key) or self._fit()

    def fit(self) -> None:
        """Before the first text, which else does it."""
        if self._examples:
            _ = self._fitted

    def keep(self, path: Path = KEPT) -> None:
        """Fits and writes them, so that no process need."""
        fitted = self._fit()
        np.savez_compressed(
            path,
            allow_pickle=False,
            key=np.array(self._key),
            names=np.frombuffer("\n".join(fitted.index).encode(), np.uint8),
            weights=fitted.weights.astype(np.float16),
            threshold=np.float64(fitted.threshold),
        )

    @property
    def kept(self) -> bool:
        """Whether the kept ones are these."""
        return _kept(self._key) is not None

    def _fit(self) -> Fitted:
        own = [(number, text) for number, (_, texts) in enumerate(self._examples) for text in texts]
        vectors = [_vector(features_of(text), self._vocabulary) for _, text in own]
        seen = Counter(name for vector in vectors for name in vector)
        index = {name: number for number, name in enumerate(sorted(n for n in seen if seen[n] >= _LEAST))}
        others = background()
        vectors += [_vector(features_of(text), self._vocabulary) for text in [*others, *unanswered()]]
        columns = _columns(vectors, index)
        truths = np.zeros((len(vectors), len(self._examples)), dtype=np.float32)
        truths[np.arange(len(own)), [number for number, _ in own]] = 1.0
        counts = np.ones(len(vectors), dtype=np.float32)
        counts[: len(own)] = _EXAMPLE_WEIGHT
        counts[len(own) + len(others) :] = _UNANSWERED_WEIGHT
        weights, unseen = _ridge(columns, truths, counts)
        return Fitted(index, weights, _threshold(unseen, truths, len(own)))


def _needed(seen: Features) -> float:
    """The confidence from which on it is the topic: a line of few words says less («la tienda»)."""
    words = sum(word not in "?!$" for word in seen.tokens)
    return 0.5 + _SHORT * max(0, _FEW - words)


def _kept(key: str) -> Fitted | None:
    if not KEPT.exists():
        return None
    with np.load(KEPT, allow_pickle=False) as kept:
        if str(kept["key"]) != key:
            return None
        names = kept["names"].tobytes().decode("utf-8").split("\n")
        index = {name: number for number, name in enumerate(names)}
        return Fitted(index, kept["weights"].astype(np.float32), float(kept["threshold"]))


def background() -> list[str]:
    """What is written when nobody asks about a topic: a share of the training lines."""
    return [line.text for line in utterances()][::_BACKGROUND_STEP]


def features_of(text: str) -> Features:
    """Of a text by itself: its words and their kinds."""
    return features(Segment(text, words(plain(text)), [], NOTHING, None, ""))


def _vector(seen: Features, vocabulary: Vocabulary) -> dict[str, float]:
    """Names and values of all features, those too that the model never saw."""
    vector: dict[str, float] = {}
    for group, length in _groups(seen):
        values = vocabulary.weights(group)
        norm = sum([value * value for value in values]) ** 0.5 / length or 1.0
        vector |= {name: value / norm for name, value in zip(group, values, strict=True)}
    return vector


def _groups(seen: Features) -> Iterator[tuple[set[str], float]]:
    """The features of each kind, and the length that the kind has in the vector."""
    single = {"w" + name for name in seen.words if " " not in name and not name.startswith("¬")}
    yield single, 1.0
    yield {"w" + name for name in seen.words} - single, _PAIR_WEIGHT
    yield {"s" + piece for token in seen.tokens for piece in pieces(token)}, 1.0
    yield {"c" + name for name in seen.concepts}, _CONCEPT_WEIGHT


def _columns(vectors: Sequence[Mapping[str, float]], index: Mapping[str, int]) -> list[Column]:
    """Of each feature the rows that have it, with its values; of the constant, all."""
    rows: defaultdict[str, list[int]] = defaultdict(list)
    values: defaultdict[str, list[float]] = defaultdict(list)
    for row, vector in enumerate(vectors):
        for name, value in vector.items():
            rows[name].append(row)
            values[name].append(value)
    constant = np.arange(len(vectors)), np.ones(len(vectors), dtype=np.float32)
    return [*((np.array(rows[name]), np.array(values[name], dtype=np.float32)) for name in index), constant]


def _ridge(columns: Sequence[Column], truths: Floats, counts: Floats) -> tuple[Floats, Floats]:
    """The weights, and the scores of each row by weights that have not seen it; `counts`: what each row
    weighs.
    """
    strength = _RIDGE / counts
    inner = _inner(columns, len(truths))
    root = _inverse_root(inner + np.diag(strength))
    dual = root.T @ (root @ truths)
    own = (1 - strength * (root * root).sum(0))[:, None]  # the diagonal of inner @ the inverse
    unseen: Floats = ((inner @ dual) - own * truths) / (1 - own)
    return np.stack([values @ dual[rows] for rows, values in columns]), unseen


def _inner(columns: Sequence[Column], count: int) -> Floats:
    """The products of all rows with each other."""
    common = [column for column in columns if len(column[0]) > _COMMON]
    dense = np.zeros((count, len(common)), dtype=np.float32)
    for number, (rows, values) in enumerate(common):
        dense[rows, number] = values
    inner: Floats = dense @ dense.T
    for rows, values in columns:
        if len(rows) <= _COMMON:
            inner[rows[:, None], rows] += values[:, None] * values
    return inner


def _inverse_root(matrix: Floats) -> Floats:
    """R of a positive definite matrix, with Rᵀ R its inverse: by halves, nearly all of it products, in a
    fraction of the time that inverting takes.
    """
    if len(matrix) <= _SMALL:
        return np.linalg.inv(np.linalg.cholesky(matrix))
    half = len(matrix) // 2
    first = _inverse_root(matrix[:half, :half])
    across = matrix[half:, :half] @ first.T
    second = _inverse_root(matrix[half:, half:] - across @ across.T)
    root = np.zeros_like(matrix)
    root[:half, :half], root[half:, half:] = first, second
    root[half:, :half] = -second @ (across @ first)
    return root


def _scores(vector: Mapping[str, float], fitted: Fitted) -> Floats:
    known = [(row, value) for name, value in vector.items() if (row := fitted.index.get(name)) is not None]
    rows = [row for row, _ in known]
    values = np.array([value for _, value in known], dtype=np.float32)
    scores: Floats = values @ fitted.weights[rows] + fitted.weights[-1] if known else fitted.weights[-1]
    return scores


def _threshold(unseen: Floats, truths: Floats, examples: int) -> float:
    """Where most is gained: examples named right, less those named wrong and background lines taken."""
    best = unseen.max(1)
    right = unseen[:examples].argmax(1) == truths[:examples].argmax(1)
    gains: dict[float, float] = {}
    for threshold in _THRESHOLDS:
        named, taken = best[:examples] >= threshold, best[examples:] >= threshold
        strayed = int((named & ~right).sum()) + int(taken.sum())
        gains[float(threshold)] = int((named & right).sum()) - strayed
    return max(gains, key=lambda threshold: (gains[threshold], threshold))
