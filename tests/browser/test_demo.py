"""The main job, as a person does it in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


def choose(page: Page, demo: str, loan: str) -> None:
    page.goto(f"{demo}/simulator")
    page.locator(".person", has_text=loan).click()
    expect(page.locator("#card")).to_contain_text(loan)


def press(page: Page, title: str) -> None:
    """The button under the newest message."""
    page.locator(".choices button:not([disabled])", has_text=title).last.click()


def say(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.keyboard.press("Enter")


def last_said(page: Page, text: str) -> None:
    expect(page.locator(".row.in .bubble").last).to_contain_text(text)


def prove(page: Page) -> None:
    last_said(page, "nacimiento")
    born = page.locator("#card .meta").inner_text().split("nació el ")[1]
    say(page, born[:5])


def test_from_the_reminder_to_a_kept_promise_in_the_ledger(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1008")
    page.click("#remind")
    last_said(page, "Soy el asistente virtual de Crédito Jacaranda")
    press(page, "Sí")
    prove(page)
    last_said(page, "lleva 5 días de atraso")
    press(page, "Pagar otro día")
    last_said(page, "¿Qué día puedes pagar?")
    say(page, "el viernes pago 300")
    last_said(page, "¿Es correcto?")
    press(page, "Sí")
    last_said(page, "quedó anotado: $300.00 el viernes 27 de noviembre")
    expect(page.locator("#card")).to_contain_text("$300.00 · 2026-11-27 · open")
    page.click("#pay")
    expect(page.locator("#chat")).to_contain_text("cumpliste lo que acordamos")
    ledger = page.locator("#ledger")
    for kind in ("loan.opened", "contact.sent", "contact.replied", "identity.confirmed", "promise.made", "payment.posted", "promise.kept"):
        expect(ledger).to_contain_text(kind)


def test_time_breaks_a_promise(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1009")
    say(page, "mañana pago 200")
    last_said(page, "¿Hablo contigo?")
    press(page, "Sí")
    prove(page)
    last_said(page, "¿Es correcto?")
    press(page, "Sí")
    last_said(page, "quedó anotado")
    for _ in range(6):
        page.click("#next-day")
        page.wait_for_timeout(300)
    expect(page.locator("#ledger")).to_contain_text("promise.broken", timeout=60_000)


def test_an_agent_takes_over_answers_and_gives_back(page: Page, browser: Browser, demo: str) -> None:
    choose(page, demo, "JAC-1010")
    say(page, "quiero hablar con un asesor")
    last_said(page, "una persona de nuestro equipo")
    agents = [_agent(browser, demo, email) for email in ("agente@jacaranda.example", "agente2@jacaranda.example")]
    for agent in agents:
        agent.locator(".list a").first.click()
    agents[0].get_by_role("button", name="Tomar la conversación").click()
    agents[1].get_by_role("button", name="Tomar la conversación").click()
    expect(agents[1].locator(".error")).to_contain_text("tomó esta conversación primero")
    agents[0].fill("textarea", "Hola, soy Laura. Con gusto te ayudo.")
    agents[0].keyboard.press("Control+Enter")
    last_said(page, "soy Laura")
    say(page, "gracias Laura")
    expect(agents[0].locator("#messages")).to_contain_text("gracias Laura", timeout=4_000)
    agents[0].get_by_role("button", name="Devolver al asistente").click()
    last_said(page, "¿Hablo contigo?")


def _agent(browser: Browser, demo: str, email: str) -> Page:
    page = browser.new_context().new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{demo}/console")
    page.fill("[name=email]", email)
    page.fill("[name=password]", "jacaranda-demo")
    page.keyboard.press("Enter")
    expect(page.locator(".list")).to_be_visible()
    return page


def test_a_wrong_password_and_a_form_without_its_token(page: Page, demo: str) -> None:
    page.goto(f"{demo}/console")
    page.fill("[name=email]", "agente@jacaranda.example")
    page.fill("[name=password]", "no es esta")
    page.keyboard.press("Enter")
    expect(page.locator(".error")).to_contain_text("no coinciden")
    assert page.request.post(f"{demo}/console/login", form={"email": "a@b.mx", "password": "x"}).status == 400


def test_a_picture_a_voice_note_and_a_narrow_screen(page: Page, demo: str) -> None:
    page.set_viewport_size({"width": 400, "height": 850})
    choose(page, demo, "JAC-1012")
    page.click("[data-media=audio]")
    last_said(page, "no puedo escuchar audios")
    page.click("[data-media=image]")
    last_said(page, "¿Es el comprobante de un pago?")
    assert page.evaluate("document.documentElement.scrollWidth") <= 400


def test_the_api_can_be_browsed(page: Page, demo: str) -> None:
    page.goto(f"{demo}/api/v1/docs/")
    expect(page.locator(".info .title")).to_contain_text(re.compile("Acuerdo"))
