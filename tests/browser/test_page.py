"""The simulator page itself: what it sends, keeps, explains; on a narrow screen and in English too."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import advance, choose, has_said, say

pytestmark = pytest.mark.browser
NARROW = {"width": 390, "height": 844}


def test_a_picture_a_voice_note_and_a_place_on_a_narrow_screen(page: Page, demo: str) -> None:
    page.set_viewport_size(NARROW)
    choose(page, demo, "JAC-1012")
    page.click("[data-media=audio]")
    has_said(page, "no puedo escuchar audios")
    page.click("[data-media=location]")
    has_said(page, "Gracias por la ubicación")
    page.click("[data-media=image]")
    has_said(page, "¿Eres Óscar?")
    assert page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]


def test_the_conversation_survives_a_reload(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1013")
    say(page, "hola")
    has_said(page, "¿Eres ")
    assert page.url.endswith("#JAC-1013")
    page.reload()
    expect(page.locator(".row.out .bubble").last).to_contain_text("hola")
    expect(page.locator(".person.now")).to_contain_text("JAC-1013")


def test_what_is_typed_and_what_is_open_stay_while_the_page_asks_for_news(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1014")
    page.locator("#ledger summary").last.click()
    page.fill("#text", "a medio escribir")
    for _ in range(3):
        page.wait_for_event("response", lambda response: "/simulator/state" in response.url)
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("#text")).to_have_value("a medio escribir")
    expect(page.locator("#ledger .inside").last).to_contain_text("receivable:")


def test_the_page_says_why_the_clock_does_not_move(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1015")
    advance(page, "#to-result")
    expect(page.locator("#clock-result")).to_contain_text("Aún no hay cargo automático")


def test_on_a_saturday_it_is_said_that_nobody_is_written_to(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1016")
    while "sábado" not in page.locator("#now").inner_text():
        advance(page, "#next-day")
    expect(page.locator("#day")).to_contain_text("Sábado: no se escribe ni se cobra")
    page.click("#remind")
    expect(page.locator("#loan-result")).to_contain_text("Saldrá el lunes")
    page.get_by_role("button", name="Mover el reloj al lunes").click()
    expect(page.locator("#now")).to_contain_text("lunes", timeout=60_000)


def test_in_english(page: Page, demo: str) -> None:
    page.goto(f"{demo}/simulator?lang=en#JAC-1017")
    expect(page.locator("#card")).to_contain_text("JAC-1017")
    expect(page.locator("#remind")).to_have_text("Send a reminder")
    expect(page.locator("#ledger")).to_contain_text("Loan opened")
    say(page, "hola")
    has_said(page, "¿Eres ")
    expect(page.locator(".bubble.in .english").last).to_contain_text("Are you ")
    expect(page.locator(".choices .english").last).to_have_text("Yes")
    page.set_viewport_size({"width": 1180, "height": 820})
    phone, ledger = page.locator("#phone").bounding_box(), page.locator("#ledger").bounding_box()
    assert phone
    assert ledger
    assert ledger["y"] < phone["y"] + phone["height"] / 2, "next to the phone, not below it"
    assert ledger["x"] > phone["x"] + phone["width"]


def test_the_api_can_be_browsed(page: Page, demo: str) -> None:
    page.goto(f"{demo}/api/v1/docs/")
    expect(page.locator("h1")).to_have_text("La API de la financiera")
    expect(page.locator("#key")).to_contain_text("acu_demo_")
    page.click("nav a[href='#put-loans-external_id']")
    expect(page.locator("#put-loans-external_id pre")).to_contain_text("curl -X PUT")
