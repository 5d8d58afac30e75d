"""The page that shows the API, in both languages: whole, and accessible."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page
from sqlalchemy import Engine

from bot.api.openapi import document
from bot.api.reference import resources
from bot.wording import Wording
from tests.browser.sound import assert_sound
from tests.browser.test_borrower_pages import WIDTHS
from tests.integration.served import World, served

pytestmark = pytest.mark.browser
AT = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def world(sqlite_engine: Engine, tmp_path: Path) -> Iterator[World]:
    with served(sqlite_engine, AT, tmp_path) as world:
        yield world


@pytest.mark.parametrize(
    ("lang", "title", "copied"),
    [("es", "La API de la financiera", "Copiado"), ("en", "The lender's API", "Copied")],
)
def test_the_page_is_whole_and_accessible(
    page: Page, world: World, lang: str, title: str, copied: str
) -> None:
    page.goto(f"{world.services.settings.public_url}/api/v1/docs/?lang={lang}")
    assert page.locator("html").get_attribute("lang") == lang
    assert page.locator("h1").inner_text() == title
    assert page.locator("body").get_attribute("data-copied") == copied
    for closed in page.query_selector_all("details:not([open]) > summary"):
        closed.click()
    for width in WIDTHS:
        assert_sound(page, lang, width)


def test_every_text_of_the_description_has_words_in_both_languages() -> None:
    texts: set[str] = set()
    for resource in resources(document(), "https://acuerdo.example"):
        texts |= {resource.name, resource.about}
        for call in resource.operations:
            texts |= {call.summary, *(about for _, about in call.codes)}
            texts |= {field.about for field in (*call.parameters, *call.body, *call.answer) if field.about}
    wording = Wording.load()
    for text in texts:
        assert wording.raw(f"api.{text}", "en") == text
        assert wording.raw(f"api.{text}", "es_MX") != text
