"""Every script, played."""

from pathlib import Path

import pytest

from tests.conversations.script import SCRIPTS, play


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.txt")), ids=lambda path: path.stem)
def test_script(path: Path) -> None:
    play(path)
