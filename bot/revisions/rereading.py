"""Which examples would be read as another topic. Fitting many takes a processor for seconds: that is done
by a process of its own, one at a time, which others do not wait for; who looks again finds what it found.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from bot.understanding import Read, Understanding
from bot.understanding import reread as reread_here

MANY = 200
"""Fewer are fitted at once, here."""
LIMIT_SECONDS = 120
Examples = Mapping[str, Sequence[str]]
_one = threading.Lock()


class NotTried(Exception):
    """`busy`: others are tried at the moment; `late`: it took longer than `LIMIT_SECONDS`."""

    def __init__(self, why: Literal["busy", "late"]) -> None:
        super().__init__(why)
        self.why = why


def reread(understanding: Understanding, before: Examples, after: Examples) -> list[Read]:
    """Those that are read as another topic than now, or than their own. Raises NotTried."""
    if sum(map(len, after.values())) <= MANY:
        return list(reread_here(understanding, understanding.knowing(after), after))
    return _apart(json.dumps([dict(before), dict(after)]))


@lru_cache(maxsize=4)
def _apart(both: str) -> list[Read]:
    if not _one.acquire(blocking=False):
        raise NotTried("busy")
    try:
        done = subprocess.run(
            [sys.executable, "-c", "from bot.understanding.rereading import main; main()"],
            input=both.encode(),
            stdout=subprocess.PIPE,
            timeout=LIMIT_SECONDS,
            check=True,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        )
    except subprocess.TimeoutExpired:
        raise NotTried("late") from None
    finally:
        _one.release()
    return [(text, first, second) for text, first, second in json.loads(done.stdout)]
