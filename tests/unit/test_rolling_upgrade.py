"""The old version goes on serving while the new one is put in its place: a migration takes nothing away that
it still uses, and asks for nothing that it does not write.
"""

import re
from pathlib import Path

VERSIONS = Path(__file__).parents[2] / "models" / "migrations" / "versions"
FIRST_RELEASE = "0038"
"""Up to here no installation had to be kept running."""
CALLS = re.compile(r"^ {4,}(?:op|batch\w*)\.(\w+)\((.*?)\)$", re.DOTALL | re.MULTILINE)


def _breaks(call: str, words: str) -> bool:
    """Whether the version before could not go on after it."""
    if call in ("drop_column", "drop_table", "rename_table", "create_check_constraint"):
        return True
    required = "nullable=False" in words and "server_default" not in words
    return "new_column_name" in words or (required and call in ("add_column", "alter_column"))


def test_a_migration_only_adds() -> None:
    """What is dropped goes a release after the last one that used it."""
    found = [
        (path.name, call)
        for path in sorted(VERSIONS.glob("0*.py"))
        if path.name[:4] > FIRST_RELEASE
        for call, words in CALLS.findall(_upgrade(path))
        if _breaks(call, words)
    ]
    assert found == []


def test_what_takes_away_is_seen() -> None:
    """By those from before the first release that do."""
    found = {
        path.name[:4]
        for path in VERSIONS.glob("0*.py")
        for call, words in CALLS.findall(_upgrade(path))
        if _breaks(call, words)
    }
    assert {"0027"} <= found < {path.name[:4] for path in VERSIONS.glob("0*.py")}


def _upgrade(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("def upgrade()")[2].partition("def downgrade()")[0]
