"""What every page is held to: WCAG 2.2 AA by axe, and nothing sideways."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_AXE = Axe()
_RULES = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # what passes is not listed element by element
}


def assert_sound(page: Page, name: str, width: int, height: int = 900) -> None:
    page.set_viewport_size({"width": width, "height": height})
    found = _AXE.run(page, options=_RULES)
    assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"
