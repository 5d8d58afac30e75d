"""The first half of the main flow, as a person uses it in a browser: a reminder, a promise, what becomes of
it.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import advance, choose, last_said, ledger_holds, press, prove, say

pytestmark = pytest.mark.browser


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
    last_said(page, "Quedó anotado: $300.00 el viernes 27 de noviembre")
    expect(page.locator("#card .promise")).to_contain_text("$300.00 · vie 27 de nov · vigente")
    page.click("#pay")
    expect(page.locator("#chat")).to_contain_text("cumpliste lo que acordamos")
    ledger_holds(
        page,
        "loan.opened",
        "contact.sent",
        "contact.replied",
        "identity.confirmed",
        "promise.made",
        "payment.posted",
        "promise.kept",
    )


def test_time_breaks_a_promise(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1009")
    page.click("#remind")
    last_said(page, "¿Eres ")
    press(page, "Sí")
    prove(page)
    last_said(page, "¿Qué prefieres?")
    say(page, "mañana pago 200")
    last_said(page, "¿Es correcto?")
    press(page, "Sí")
    last_said(page, "Quedó anotado")
    for _ in range(6):
        advance(page, "#next-day")
    ledger_holds(page, "promise.broken")
    expect(page.locator("#card .promise")).to_contain_text("no cumplida")
