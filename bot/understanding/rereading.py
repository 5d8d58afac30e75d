"""Which examples of topics are read as another topic than now, or than their own."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence

from bot.understanding.reader import Understanding, load

Read = tuple[str, str, str]
"""An example, its topic as it is read now, and then; empty where it is none."""


def reread(now: Understanding, then: Understanding, examples: Mapping[str, Sequence[str]]) -> Iterator[Read]:
    """Those of `examples`, by topic, that `then` reads as another topic than `now`, or than their own."""
    for topic, texts in examples.items():
        for text in texts:
            first, second = now.topic(text).name or "", then.topic(text).name or ""
            if first != second or second != topic:
                yield text, first, second


def main() -> None:
    """As a process of its own: both files' examples come in as JSON, what is read otherwise goes out."""
    before, after = json.load(sys.stdin)
    known = load()
    json.dump(list(reread(known.knowing(before), known.knowing(after), after)), sys.stdout)
