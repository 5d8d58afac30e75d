"""The reference of the settings is made of the settings."""

from pathlib import Path

from bot.settings_reference import reference

REFERENCE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_the_reference_is_fresh() -> None:
    assert REFERENCE.read_text(encoding="utf-8") == reference(), "run `make handbook`"
