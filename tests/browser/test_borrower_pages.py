"""The borrower's own pages in a real browser: WCAG 2.2 AA by axe at three widths, in both languages,
nothing of a third party, and usable without a script.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, update

from bot.documents import issue_papers
from bot.pages import new_link
from models import Borrower, write_tx
from tests.browser.sound import assert_sound
from tests.integration.served import World, served
from tests.loans import add_borrower, add_loan

AT = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
DUE = [
    (date(2026, 11, 30), {"principal": 50_000, "interest": 10_000}),
    (date(2026, 12, 15), {"principal": 50_000, "interest": 5_000}),
]
WIDTHS = (320, 360, 1280)


@pytest.fixture
def world(sqlite_engine: Engine, tmp_path: Path) -> Iterator[World]:
    with served(sqlite_engine, AT, tmp_path) as world:
        yield world


def open_page(world: World) -> str:
    services = world.services
    with write_tx(services.engine) as connection:
        borrower, _ = add_borrower(connection, 1, birth_date=date(1990, 3, 15), notice_given_at=AT)
        add_loan(connection, borrower, 1, DUE)
        connection.execute(update(Borrower).where(Borrower.id == borrower).values(name="Ana López Ruiz"))
        return new_link(connection, services, borrower, AT).url


def enter(page: Page, url: str) -> None:
    page.goto(url)
    page.fill("#day", "15")
    page.select_option("#month", "3")
    page.click("main button")
    page.wait_for_selector(".sum")


def sound(page: Page, name: str) -> None:
    """No violation, no sideways scrolling."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 780})
        for opened in page.query_selector_all("details:not([open]) > summary"):
            opened.click()
        assert_sound(page, name, width, 780)


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_every_page_from_the_question_to_the_check_of_a_paper(
    browser: Browser, world: World, *, scripts: bool
) -> None:
    url = open_page(world)
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def look(name: str) -> None:
        if scripts:
            sound(page, name)

    page.goto(url)
    look("who")
    enter(page, url)
    look("home")
    page.goto(page.url.split("?")[0] + "?lang=en")
    look("home in English")
    page.goto(page.url.split("?")[0])
    page.get_by_role("link", name="Ver opciones de pago").click()
    look("offers")
    page.locator("input[type=radio]").first.check()
    page.get_by_role("button", name="Continuar").click()
    look("agree")
    page.get_by_role("button", name="Sí, estoy de acuerdo").click()
    page.get_by_text("Tu acuerdo quedó registrado").wait_for()
    issue_papers(world.services)
    page.goto(url)
    look("home with a plan")
    page.goto(url)
    page.get_by_role("link", name="Escribirnos por aquí").click()
    page.fill("#text", "¿cuánto debo?")
    page.get_by_role("button", name="Enviar").click()
    page.locator(".thread .ours", has_text="$").last.wait_for()
    page.emulate_media(color_scheme="dark")
    look("chat")
    page.goto(url)
    look("home in the dark")
    page.emulate_media(color_scheme="light")
    page.get_by_role("link", name="Pagar con cargo automático").click()
    look("account")
    page.fill("#clabe", "012180001234567899")
    page.get_by_role("button", name="Continuar").click()
    look("terms")
    assert all(address.startswith(world.services.settings.public_url) for address in asked)
    assert [cookie["name"] for cookie in context.cookies()] == ["acuerdo_page"]
    context.close()
