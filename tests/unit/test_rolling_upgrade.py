"""The old version goes on serving while the new one is put in its place: a migration takes nothing away that it
still uses.
"""

import re
from pathlib import Path

VERSIONS = Path(__file__).parents[2] / "models" / "migrations" / "versions"
FIRST_RELEASE = "0038"
"""Up to here no installation had to be kept running."""
TAKES_AWAY = re.compile(r"\b(drop_column|drop_table|rename_table|new_column_name|nullable=False)\b")


def test_a_migration_only_adds() -> None:
    """What is dropped goes a release after the last one that used it: name it here when that is so."""
    found = {
        path.name: sorted(set(TAKES_AWAY.findall(up)))
        for path in VERSIONS.glob("0*.py")
        if path.name[:4] > FIRST_RELEASE
        for up in [re.sub(r"create_table\(.*?\n    \)\n", "", _upgrade(path), flags=re.DOTALL)]
        if TAKES_AWAY.search(up)
    }
    assert found == {}


def _upgrade(path: Path) -> str:
    return path.read_text(encoding="utf-8").partition("def upgrade()")[2].partition("def downgrade()")[0]
