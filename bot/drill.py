"""Points at which the drill kills a process of the test environment by itself: what happens between two
statements cannot be hit from outside.
"""

import os
import signal

_POINT = os.environ.get("ACUERDO_DRILL", "") if os.environ.get("ACUERDO_ENV") == "test" else ""


def passing(point: str) -> None:
    """Ends this process at once, as `kill -9` does, where the drill chose this point."""
    if point == _POINT:
        os.kill(os.getpid(), signal.SIGKILL)
