"""From a reminder to a plan, and from the plan to its paper, on the phone of the simulator."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import choose, has_said, ledger_holds, press, prove, say

pytestmark = pytest.mark.browser


def test_from_the_reminder_to_a_plan_and_its_paper(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1008")
    page.click("#remind")
    has_said(page, "Soy el asistente virtual de Crédito Jacaranda")
    press(page, "Sí")
    prove(page)
    has_said(page, "lleva 5 días de atraso")
    say(page, "puedo pagar en 2 pagos?")
    has_said(page, "¿Estás de acuerdo?")
    press(page, "Sí")
    has_said(page, "Tu acuerdo quedó con el folio")
    ledger_holds(page, "plan.offered", "plan.agreed", "document.issued")
    page.locator("#chat a[href*='/m/']").last.click()
    inside = page.frame_locator(".own-page iframe")
    expect(inside.get_by_label("Día")).to_be_visible()
    page.locator(".own-page-close").click()
    expect(page.locator(".own-page")).to_have_count(0)
