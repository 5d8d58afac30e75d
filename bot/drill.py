"""What a drill does to a process of the test environment from within: it is killed at a point between two
statements, which cannot be hit from outside, and its machine's clock is wrong.
"""

import os
import signal
from datetime import timedelta

_TEST = os.environ.get("ACUERDO_ENV") == "test"
_POINT = os.environ.get("ACUERDO_DRILL", "") if _TEST else ""
SKEW = timedelta(seconds=float(os.environ.get("ACUERDO_DRILL_SKEW", "0")) if _TEST else 0)


def passing(point: str) -> None:
    """Ends this process at once, as `kill -9` does, where the drill chose this point."""
    if point == _POINT:
        os.kill(os.getpid(), signal.SIGKILL)
