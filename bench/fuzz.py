"""Reads random and mutated messages; none may raise, none may take more than 50 ms.

`python -m bench.fuzz [COUNT] [SEED]`
"""

import sys
import time
from datetime import date

from bot.understanding import load
from tests.unit.understanding.fuzz import FLOODS, strangers

MOST_MS = 50.0


def main(count: int = 100_000, seed: int = 1) -> None:
    understanding, today = load(), date(2026, 11, 20)
    expecting = (None, "yes_no", "clabe", "amount", "date", "text")
    slowest = [(0.0, "")]
    for number, text in enumerate((*FLOODS, *strangers(seed, count))):
        start = time.process_time()
        understanding.read(text, today, expecting[number % len(expecting)])
        slowest = sorted([*slowest, ((time.process_time() - start) * 1e3, text)], reverse=True)[:5]
    print(f"{count + len(FLOODS)} messages, none raised; slowest, in ms of CPU:")
    for took, text in slowest:
        print(f"  {took:6.1f}  {text[:60]!r} ({len(text)} characters)")
    raise SystemExit(slowest[0][0] > MOST_MS)


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
