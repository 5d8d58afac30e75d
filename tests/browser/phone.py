"""What a person does on the simulator page."""

from playwright.sync_api import Page, expect

ANSWER_MS = 60_000
"""On two noisy cores an answer or a reminder that was planned has its moments."""
WALK_MS = 90_000
"""The clock moves day by day, and waits for the worker on each."""


def choose(page: Page, demo: str, loan: str) -> None:
    page.goto(f"{demo}/simulator")
    page.locator(".person", has_text=loan).click()
    expect(page.locator("#card")).to_contain_text(loan)


def press(page: Page, title: str) -> None:
    """A button under the newest message, or in the list behind it."""
    offered = page.locator(".choices").last
    expect(offered.locator("button:not([disabled])").first).to_be_visible()
    if offered.locator("button.list").count():
        offered.locator("button.list").click()
        offered = page.locator("#sheet")
    offered.get_by_role("button", name=title, exact=True).click()


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.keyboard.press("Enter")


def take_hint(page: Page, words: str) -> None:
    """What the page offers to type at this point."""
    expect(page.locator("#hints")).to_contain_text(words, timeout=ANSWER_MS)
    page.locator("#hints button", has_text=words).click()
    page.keyboard.press("Enter")


def last_said(page: Page, text: str) -> None:
    expect(page.locator(".row.in .bubble").last).to_contain_text(text, timeout=ANSWER_MS)


def has_said(page: Page, text: str) -> None:
    """Wherever it stands: a reminder may come in between."""
    expect(page.locator("#chat")).to_contain_text(text, timeout=ANSWER_MS)


def prove(page: Page) -> None:
    has_said(page, "nacimiento")
    take_hint(page, "fecha de nacimiento")


def advance(page: Page, button: str) -> None:
    """Moves the clock and waits until it stands."""
    page.click(button)
    expect(page.locator("#progress")).to_be_visible()
    expect(page.locator("#moves")).to_be_visible(timeout=WALK_MS)


def ledger_holds(page: Page, *kinds: str) -> None:
    for kind in kinds:
        expect(page.locator("#ledger")).to_contain_text(kind)
    expect(page.locator("#verified")).to_contain_text("Cadena íntegra")
