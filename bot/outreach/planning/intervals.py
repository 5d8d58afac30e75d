"""Confidence intervals of shares and of their differences: Wilson's, and Newcombe's made of two of them."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `people`."""

    hits: int
    people: int

    @property
    def value(self) -> float:
        return self.hits / self.people if self.people else 0.0

    def interval(self, confidence: float) -> tuple[float, float]:
        """Wilson 1927: right for few people too."""
        if not self.people:
            return 0.0, 1.0
        z, n, p = NormalDist().inv_cdf((1 + confidence) / 2), self.people, self.value
        middle = p + z * z / (2 * n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def difference(ours: Share, theirs: Share, confidence: float) -> tuple[float, float]:
    """Of `ours` less `theirs`: Newcombe 1998, method 10."""
    (low_1, high_1), (low_2, high_2) = ours.interval(confidence), theirs.interval(confidence)
    p_1, p_2 = ours.value, theirs.value
    return (
        p_1 - p_2 - sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2),
        p_1 - p_2 + sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2),
    )
