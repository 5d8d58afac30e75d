"""Confidence intervals of shares and of their differences: Wilson's, and Newcombe's made of two of them; and
how wide they are for someone who looks again and again.
"""

from dataclasses import dataclass
from math import log, sqrt
from statistics import NormalDist

_SHARPEST_AT = 1_000
"""People, of both sides together, at whom an interval for many looks is least wide for its size."""


@dataclass(frozen=True, slots=True)
class Share:
    """`hits` of `people`."""

    hits: int
    people: int

    @property
    def value(self) -> float:
        return self.hits / self.people if self.people else 0.0

    def interval(self, z: float) -> tuple[float, float]:
        """Wilson 1927: right for few people too. `z` is in standard deviations."""
        if not self.people:
            return 0.0, 1.0
        n, p = self.people, self.value
        middle = p + z * z / (2 * n)
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def one_look(confidence: float) -> float:
    """Standard deviations for a look at a day that was fixed beforehand."""
    return NormalDist().inv_cdf((1 + confidence) / 2)


def any_look(confidence: float, people: int) -> float:
    """Standard deviations that all looks together stay within, however often somebody looks and whenever they
    stop (Waudby-Smith et al. 2024, asymptotic confidence sequences, equation 14).
    """
    alpha = 1 - confidence
    rho = (-2 * log(alpha) + log(1 - 2 * log(alpha))) / _SHARPEST_AT
    seen = people * rho + 1
    return sqrt(2 * seen / (seen - 1) * log(sqrt(seen) / alpha)) if people else float("inf")


def difference(ours: Share, theirs: Share, z: float) -> tuple[float, float]:
    """Of `ours` less `theirs`: Newcombe 1998, method 10."""
    if not (ours.people and theirs.people):
        return -1.0, 1.0
    (low_1, high_1), (low_2, high_2) = ours.interval(z), theirs.interval(z)
    p_1, p_2 = ours.value, theirs.value
    return (
        p_1 - p_2 - sqrt((p_1 - low_1) ** 2 + (high_2 - p_2) ** 2),
        p_1 - p_2 + sqrt((high_1 - p_1) ** 2 + (p_2 - low_2) ** 2),
    )
