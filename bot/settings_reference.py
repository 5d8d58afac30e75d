"""Makes `docs/settings.md` of the settings themselves: `make handbook`."""

from datetime import time
from pathlib import Path
from typing import Any

from bot.settings import Settings

HEAD = """# Settings

Read once from the environment, then from `.env`. `acuerdo doctor` lists what is set and what is missing.
This page is made of `bot/settings.py`.

| name | default | meaning |
| --- | --- | --- |
"""


def reference() -> str:
    """Every setting in the order of the code, one row each."""
    return HEAD + "".join(
        f"| `{about.validation_alias}` | {_shown(about.default)} | {_line(about.description)} |\n"
        for about in Settings.model_fields.values()
    )


def _shown(default: Any) -> str:
    if default in (None, ""):
        return "unset"
    if isinstance(default, time):
        return f"`{default:%H:%M}`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def _line(text: str | None) -> str:
    assert text, "a setting has no words: write them below it"
    return " ".join(text.split())


if __name__ == "__main__":
    Path("docs/settings.md").write_text(reference(), encoding="utf-8")
