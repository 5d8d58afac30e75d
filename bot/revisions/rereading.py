"""Which examples would be read as another topic. Fitting many takes a processor for seconds: that is done
by a process of its own, one at a time, which nobody waits for; who asks again is given what it found.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from typing import Literal

import structlog

from bot.understanding import Read, Understanding
from bot.understanding import reread as reread_here

MANY = 200
"""Fewer are fitted at once, here."""
LIMIT_SECONDS = 120
KEPT = 4
"""So many answers are remembered, the newest."""
Examples = Mapping[str, Sequence[str]]
log = structlog.get_logger(__name__)


class NotTried(Exception):
    """`reading`: ask again in some seconds; `busy`: others are tried at the moment; `late`: it took longer
    than `LIMIT_SECONDS`.
    """

    def __init__(self, why: Literal["reading", "busy", "late"]) -> None:
        super().__init__(why)
        self.why = why


class Apart:
    """Reads by another process, and remembers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: str | None = None
        self._found: dict[str, list[Read] | None] = {}
        """Null: it was not found out."""

    def read(self, both: str) -> list[Read]:
        """Of the examples before and after, as JSON. Raises NotTried."""
        with self._lock:
            if both in self._found:
                found = self._found[both]
                if found is None:
                    del self._found[both]
                    raise NotTried("late")
                return found
            if self._under_way is None:
                self._under_way = both
                threading.Thread(target=self._find, args=(both,), daemon=True).start()
            raise NotTried("reading" if self._under_way == both else "busy")

    def _find(self, both: str) -> None:
        found = None
        try:
            found = _by_process(both)
        except subprocess.SubprocessError:
            log.exception("examples of topics were not read again")
        finally:
            with self._lock:
                self._found = dict([*self._found.items(), (both, found)][-KEPT:])
                self._under_way = None


apart = Apart()


def reread(understanding: Understanding, before: Examples, after: Examples) -> list[Read]:
    """Those that are read as another topic than now, or than their own. Raises NotTried."""
    if sum(map(len, after.values())) <= MANY:
        return list(reread_here(understanding, understanding.knowing(after), after))
    return apart.read(json.dumps([dict(before), dict(after)]))


def _by_process(both: str) -> list[Read]:
    """Raises SubprocessError."""
    done = subprocess.run(
        [sys.executable, "-c", "from bot.understanding.rereading import main; main()"],
        input=both.encode(),
        stdout=subprocess.PIPE,
        timeout=LIMIT_SECONDS,
        check=True,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
    )
    return [(text, first, second) for text, first, second in json.loads(done.stdout)]
