"""What each process of a drill would import and read by itself; see `tests.processes`."""

import granian  # noqa: F401

from bot.understanding import load
from bot.wording import Wording

load()
Wording.load()
