"""Files that cannot be used as a whole: what is wrong, with its line, and what to do."""

from collections.abc import Sequence
from pathlib import Path

from bot.faults import Fault


class InvalidFile(ValueError):
    def __init__(self, path: Path, faults: Sequence[Fault]) -> None:
        super().__init__(f"{path.name}: {'; '.join(faults)}")
        self.faults = faults


class NotATable(InvalidFile):
    """It cannot be read as a table at all."""


class InvalidMapping(InvalidFile):
    """A mapping that cannot be used."""
