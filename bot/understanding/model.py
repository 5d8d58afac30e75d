"""The classifier at work: a few rows of a weight matrix are summed. It is made by `fitting`; here numpy is
all it takes.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import lru_cache
from math import log
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from bot.understanding.features import Features, pieces
from bot.understanding.labels import ALSO, INTENTS

Floats = npt.NDArray[np.float32]

ARTEFACT = Path(__file__).parent / "model.npz"
"""Shipped, made by `acuerdo nlu train`; plain arrays, nothing in it is run."""
CONCEPT_WEIGHT, MARK_WEIGHT = 0.4, 0.3
"""Of all concepts and of each mark, next to words and sounds, which have length one each; by
cross-validation.
"""
FORMAT = 1


class UnusableModel(ValueError):
    """The file is no artefact of this version; `acuerdo nlu train` makes one."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}; make it anew with `acuerdo nlu train`")


class Vocabulary:
    """The features that training saw, each with its weight for being rare."""

    def __init__(self, names: list[str], rarity: Floats) -> None:
        self.names, self.rarity = names, rarity
        self._index = {name: number for number, name in enumerate(names)}
        self._weight: list[float] = rarity.tolist()
        self._rarest = max(self._weight, default=1.0)

    def weights(self, names: Iterable[str]) -> list[float]:
        """Of features for being rare, with their groups' letters; training never saw the unknown ones."""
        index, weight, rarest = self._index, self._weight, self._rarest
        return [rarest if (number := index.get(name)) is None else weight[number] for name in names]

    def vector(self, seen: Features) -> tuple[list[int], list[float]]:
        """Indices and values, sparse; an index may come twice, and counts twice."""
        indices, values = self.general(seen)
        sounds = [self.sound(token) for token in seen.tokens]
        length = sum(square for _, _, square in sounds) ** 0.5 or 1.0
        for numbers, weights, _ in sounds:
            indices.extend(numbers)
            values.extend(weight / length for weight in weights)
        return indices, values

    def general(self, seen: Features) -> tuple[list[int], list[float]]:
        """All but the words' sounds: words, concepts, marks."""
        words = [
            (number, count)
            for name, count in seen.words.items()
            if (number := self._index.get("w" + name)) is not None
        ]
        concepts, marks = self._known("c", seen.concepts), self._known("m", seen.marks)
        weighed = [self._weight[number] * (1.0 + log(count) if count > 1 else 1.0) for number, count in words]
        kinds = [self._weight[number] for number in concepts]
        long, kinds_long = _length(weighed), _length(kinds) / CONCEPT_WEIGHT
        values = (
            [value / long for value in weighed]
            + [value / kinds_long for value in kinds]
            + [MARK_WEIGHT] * len(marks)
        )
        return [number for number, _ in words] + concepts + marks, values

    def sound(self, token: str) -> tuple[list[int], list[float], float]:
        """The pieces of one word: indices, values, and the square of their length."""
        known = self._known("s", pieces(token))
        values = [self._weight[number] for number in known]
        return known, values, sum(value * value for value in values)

    def _known(self, prefix: str, names: Iterable[str]) -> list[int]:
        return [number for name in names if (number := self._index.get(prefix + name)) is not None]


def _length(values: Iterable[float]) -> float:
    return sum([value * value for value in values]) ** 0.5 or 1.0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """By label. `acting`: the confidence from which the bot acts. `safety`: that from which the label wins
    over others, `matched`: where the lexicon matches it too. `also`: its margin from which it is reported
    next to another.
    """

    acting: dict[str, float]
    safety: dict[str, float]
    matched: dict[str, float]
    also: dict[str, float]

    def of(self, label: str, matched: frozenset[str]) -> float:
        """From which probability on this safety act wins."""
        return self.matched[label] if label in matched else self.safety[label]


class Model:
    """`weights`: features x (intents, then acts of `also`); `sharpness` makes margins
    probabilities.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        weights: Floats,
        bias: Floats,
        sharpness: float,
        thresholds: Thresholds,
        made_from: str,
    ) -> None:
        self.vocabulary, self.weights, self.bias, self.sharpness = vocabulary, weights, bias, sharpness
        self.thresholds, self.made_from = thresholds, made_from
        self._sound = lru_cache(maxsize=8192)(self._sound_of)

    def margins(self, seen: Features) -> Floats:
        """One number a column, above zero for yes: the product of `vector` and the weights."""
        summed: Floats = self._product(*self.vocabulary.general(seen)) + self.bias
        if seen.tokens:
            sounds = [self._sound(token) for token in seen.tokens]
            summed += sum(sound for sound, _ in sounds) / np.float32(
                sum([square for _, square in sounds]) ** 0.5 or 1.0
            )
        return summed

    def _sound_of(self, token: str) -> tuple[Floats, float]:
        """The weights of one word's sound, summed, and the square of its length; kept for a word that comes
        again.
        """
        indices, values, square = self.vocabulary.sound(token)
        return self._product(indices, values), square

    def _product(self, indices: list[int], values: list[float]) -> Floats:
        product: Floats = np.asarray(values, dtype=np.float32) @ self.weights[indices]
        return product

    @classmethod
    def load(cls, path: Path = ARTEFACT) -> Self:
        """Raises UnusableModel, FileNotFoundError."""
        with np.load(path, allow_pickle=False) as kept:
            if (
                "format" not in kept
                or int(kept["format"]) != FORMAT
                or tuple(kept["columns"].tolist()) != (*INTENTS, *ALSO)
            ):
                raise UnusableModel(path, "made for other labels or by another version")
            names = kept["names"].tobytes().decode("utf-8").split("\n")
            return cls(
                Vocabulary(names, kept["rarity"].astype(np.float32)),
                kept["weights"].astype(np.float32),
                kept["bias"],
                float(kept["sharpness"]),
                Thresholds(**json.loads(str(kept["thresholds"]))),
                str(kept["made_from"]),
            )

    def save(self, path: Path) -> None:
        """The same model gives the same bytes."""
        arrays: dict[str, Any] = {
            "format": np.int64(FORMAT),
            "columns": np.array((*INTENTS, *ALSO)),
            "names": np.frombuffer("\n".join(self.vocabulary.names).encode(), np.uint8),
            "rarity": self.vocabulary.rarity.astype(np.float16),
            "weights": self.weights.astype(np.float16),
            "bias": self.bias.astype(np.float32),
            "sharpness": np.float64(self.sharpness),
            "made_from": np.array(self.made_from),
            "thresholds": np.array(json.dumps(asdict(self.thresholds), sort_keys=True)),
        }
        np.savez_compressed(path, allow_pickle=False, **arrays)
