"""Which examples would be read as another topic. Fitting many takes a processor for seconds: that is done
by a process of its own, one at a time, which others do not wait for.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal

from bot.understanding import TopicGuess, Understanding, load

MANY = 200
"""Fewer are fitted at once, here."""
LIMIT_SECONDS = 45
Examples = Mapping[str, Sequence[str]]
Read = tuple[str, str, str]
"""An example, its topic as it is read now, and then; empty where it is none."""
_one = threading.Lock()


class NotTried(Exception):
    """`busy`: others are tried at the moment; `late`: it took longer than `LIMIT_SECONDS`."""

    def __init__(self, why: Literal["busy", "late"]) -> None:
        super().__init__(why)
        self.why = why


def reread(understanding: Understanding, before: Examples, after: Examples) -> list[Read]:
    """Those that are read as another topic than now, or than their own. Raises NotTried."""
    if sum(map(len, after.values())) <= MANY:
        return list(_changed(understanding, understanding.knowing(after), after))
    if not _one.acquire(blocking=False):
        raise NotTried("busy")
    try:
        return _apart(before, after)
    finally:
        _one.release()


def _changed(now: Understanding, then: Understanding, examples: Examples) -> Iterator[Read]:
    for topic, texts in examples.items():
        for text in texts:
            first, second = _name(now.topic(text)), _name(then.topic(text))
            if first != second or second != topic:
                yield text, first, second


def _name(guess: TopicGuess) -> str:
    return guess.name or ""


def _apart(before: Examples, after: Examples) -> list[Read]:
    try:
        done = subprocess.run(  # noqa: S603 - our own
            [sys.executable, "-m", __name__],
            input=json.dumps([dict(before), dict(after)]).encode(),
            stdout=subprocess.PIPE,
            timeout=LIMIT_SECONDS,
            check=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise NotTried("late") from None
    return [(text, first, second) for text, first, second in json.loads(done.stdout)]


def main() -> None:
    before, after = json.load(sys.stdin)
    known = load()
    json.dump(list(_changed(known.knowing(before), known.knowing(after), after)), sys.stdout)


if __name__ == "__main__":
    main()
