"""What every page of the console keeps to."""

import re
from pathlib import Path

import bot.console

TEMPLATES = Path(bot.console.__file__).parent / "templates"


def test_what_scrolls_sideways_is_reached_by_the_keyboard_and_named() -> None:
    pages = {path.name: path.read_text(encoding="utf-8") for path in TEMPLATES.rglob("*.html")}
    scrolls = 'class="wide"'
    reached = re.compile(scrolls + r' tabindex="0" role="region" aria-label="[^"]+"')
    assert any(scrolls in page for page in pages.values())
    found = {name: page.count(scrolls) - len(reached.findall(page)) for name, page in pages.items()}
    assert [name for name, unreached in found.items() if unreached] == []
