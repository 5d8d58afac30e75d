"""An evaluation as text: alone, or compared with another."""

from collections.abc import Callable, Sequence

from bot.understanding.evaluation import Line, Report
from bot.understanding.labels import SAFETY

_FIGURES: tuple[tuple[str, Callable[[Report], float]], ...] = (
    ("accuracy", lambda report: report.accuracy),
    ("macro F1", lambda report: report.macro_f1),
    ("safety recall, average", lambda report: report.safety_recall),
    ("acted on", lambda report: report.acted),
    ("precision of those", lambda report: report.precision),
    ("calibration error", lambda report: report.calibration_error),
)


def text(report: Report) -> str:
    return "\n".join(
        [
            f"lines {len(report.lines)}",
            *(f"{name:24} {figure(report):.3f}" for name, figure in _FIGURES),
            (
                f"{'CPU µs per message':24} {report.micros(0.5):.0f} at the median, "
                f"{report.micros(0.99):.0f} at p99"
            ),
            "",
            "recall by label (* safety)",
            *_recalls(report),
            "",
            "confusions",
            *_confusions(report),
            "",
            *_entities(report),
            "",
            "reliability: confidence, share right, lines",
            *(f"  {sure:.2f}  {right:.2f}  {count:4}" for sure, right, count in report.reliability),
        ]
    )


def comparison(new: Report, old: Report) -> str:
    """What `new` gains and loses against `old`, on the same lines."""
    labels = sorted(new.seen, key=lambda label: (new.recall(label) - old.recall(label), label))
    changed = [label for label in labels if new.hit[label] != old.hit[label]]
    pairs = list(zip(new.lines, old.lines, strict=True))
    return "\n".join(
        [
            f"{'':24} {'this':>7} {'against':>7} {'change':>7}",
            *(_compared(name, figure(new), figure(old)) for name, figure in _FIGURES),
            f"fixed {_better(pairs)}, broken {_better([(b, a) for a, b in pairs])} of {len(pairs)} lines",
            "",
            "recall by label",
            *(_compared(f"  {label}", new.recall(label), old.recall(label)) for label in changed),
        ]
    )


def _better(pairs: Sequence[tuple[Line, Line]]) -> int:
    return sum(one.right and not other.right for one, other in pairs)


def _compared(name: str, new: float, old: float) -> str:
    return f"{name:24} {new:7.3f} {old:7.3f} {new - old:+7.3f}"


def _recalls(report: Report) -> list[str]:
    return [
        f"  {label + ('*' if label in SAFETY else ''):22} {report.hit[label]:4}/{report.seen[label]}"
        for label in sorted(report.seen, key=report.recall)
    ]


def _confusions(report: Report) -> list[str]:
    return [
        f"  {wanted} read as {chosen}: {count}"
        for (wanted, chosen), count in report.confusions.most_common(15)
    ] or ["  none"]


def _entities(report: Report) -> list[str]:
    exact, wrong, invented = report.entities()
    rows = [
        f"  {name:14} {exact[name]:4} {wrong[name]:4} {invented[name]:4}"
        for name in sorted({*exact, *wrong, *invented})
    ]
    acts = report.also()
    also = [f"acts next to the intent: exact {acts[0]}, missed {acts[1]}, invented {acts[2]}"] if acts else []
    return ["entities: exact, wrong or missed, invented", *(rows or ["  none"]), *also]
