"""The reference of the settings is the settings."""

import re
from pathlib import Path

from bot.settings import Settings

REFERENCE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_in_the_reference_and_nothing_else() -> None:
    listed = set()
    for line in REFERENCE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| `"):
            listed |= set(re.findall(r"`([A-Z_]+)`", line.split("|")[1]))
    assert listed == {str(field.validation_alias) for field in Settings.model_fields.values()}
