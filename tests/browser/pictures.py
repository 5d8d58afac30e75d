"""The pictures of the main pages in `docs/images`, taken from a demo that runs: `make run`, then
`make pictures`.
"""

import argparse
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, ROOT

FOLDER = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--demo", default="http://127.0.0.1:8000")
    demo = parser.parse_args().demo
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        desk(log_in(browser, demo, "agente"), demo)
        manager = log_in(browser, demo, "gerente")
        manager.goto(f"{demo}/console/today")
        take(manager, "today")
        browser.close()


def log_in(browser: Browser, demo: str, who: str) -> Page:
    page = browser.new_context(viewport=SIZE).new_page()
    page.goto(f"{demo}/console")
    page.fill("[name=email]", f"{who}@jacaranda.example")
    page.fill("[name=password]", "jacaranda-demo")
    page.keyboard.press("Enter")
    page.locator("body[data-ready] .pages").wait_for()
    return page


def desk(page: Page, demo: str) -> None:
    """An agent has taken a conversation of the demo's, and writes."""
    page.goto(f"{demo}/console/")
    page.locator(".list a.row", has_text="Pidió una persona").first.click()
    page.locator("body[data-ready] [data-partial=composer]").wait_for()
    if page.locator("[data-key=t]").count():
        page.keyboard.press("t")
    page.fill("#reply", "Hola, soy Laura, de Financiera Jacaranda. Con gusto te ayudo.")
    take(page, "console")


def take(page: Page, name: str) -> None:
    path: Path = FOLDER / f"{name}.png"
    page.wait_for_timeout(1000)  # fonts and clocks
    page.screenshot(path=path)
    Image.open(path).quantize(128).save(path, optimize=True)


if __name__ == "__main__":
    main()
