"""Geometry of the charts: a page draws it as SVG (`partials/charts.html`), always next to a table of the same
numbers.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, PAD = 300, 64, 4
WIDE_WIDTH, WIDE_HEIGHT, FOOT = 640, 150, 18
ROOM = 120
"""For what stands at the end of a line."""
MOST_SERIES = 6
"""Colours that everybody can tell from one another, and their dashes."""


@dataclass(frozen=True, slots=True)
class Line:
    """`path` of SVG, and where it ends."""

    name: str
    path: str
    end: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    shown: str
    left: float
    top: float
    width: float
    height: float


def line(values: Sequence[float | None]) -> Line | None:
    """A small one, from its own least to its most; none of fewer than two points."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return None
    low, high = min(known), max(known)
    step = (WIDTH - 2 * PAD) / (len(values) - 1)
    places = [
        (PAD + step * place, _down(value, low, high, HEIGHT))
        for place, value in enumerate(values)
        if value is not None
    ]
    return Line("", _path(places), places[-1])


def lines(series: Mapping[str, Mapping[int, float]]) -> list[Line]:
    """Several from zero, over the same steps: the newest `MOST_SERIES` of them."""
    chosen = dict(list(series.items())[-MOST_SERIES:])
    most = max((value for points in chosen.values() for value in points.values()), default=0.0)
    steps = max((step for points in chosen.values() for step in points), default=0)
    if not most or not steps:
        return []
    return [_of_series(name, points, most, steps) for name, points in chosen.items()]


def _of_series(name: str, points: Mapping[int, float], most: float, steps: int) -> Line:
    across = (WIDE_WIDTH - ROOM) / steps
    places = [
        (PAD + across * step, _down(value, 0.0, most, WIDE_HEIGHT - FOOT))
        for step, value in sorted(points.items())
    ]
    return Line(name, _path(places), places[-1])


def columns(points: Sequence[tuple[str, str, float | None]]) -> list[Column]:
    """Of `(label, as it is shown, value)`, from zero."""
    most = max((value for _, _, value in points if value is not None), default=0.0)
    if not most or len(points) < 2:
        return []
    room = WIDE_WIDTH / len(points)
    width = min(room * 0.7, 60)
    return [
        Column(
            label,
            shown,
            round(room * place + (room - width) / 2, 1),
            round(_down(value or 0.0, 0.0, most, WIDE_HEIGHT - FOOT, 16), 1),
            round(width, 1),
            round(WIDE_HEIGHT - FOOT - _down(value or 0.0, 0.0, most, WIDE_HEIGHT - FOOT, 16), 1),
        )
        for place, (label, shown, value) in enumerate(points)
    ]


def _down(value: float, low: float, high: float, height: float, above: float = PAD) -> float:
    """From the top: SVG counts downwards."""
    share = (value - low) / (high - low) if high > low else 0.5
    bottom = height - (PAD if above == PAD else 0)
    return bottom - share * (bottom - above)


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{across:.1f} {down:.1f}" for across, down in places)
