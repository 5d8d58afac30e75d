"""How accuracy on the development set grows with the training lines: `python -m bench.learning`."""

import random
from pathlib import Path

from bot.understanding.evaluation import evaluate
from bot.understanding.fitting import train
from bot.understanding.lexicon import Lexicon
from bot.understanding.reader import Understanding
from bot.understanding.training import utterances

DEV = Path(__file__).parents[1] / "tests/data/dev.jsonl"


def main() -> None:
    lines = utterances()
    random.Random(1).shuffle(lines)
    for share in (0.125, 0.25, 0.5, 0.75, 1.0):
        part = lines[: int(len(lines) * share)]
        report = evaluate(Understanding(Lexicon.load(), train(part)), DEV)
        print(
            f"{len(part):6} lines: accuracy {report.accuracy:.3f}, average safety recall "
            f"{report.safety_recall:.3f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
