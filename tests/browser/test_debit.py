"""The second half of the main road in a browser: a mandate, its charges, and what becomes of them as the
clock moves.
"""

import itertools
from datetime import date, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.browser.phone import (
    WALK_MS,
    advance,
    choose,
    has_said,
    last_said,
    ledger_holds,
    press,
    prove,
    say,
    take_hint,
)
from values import next_payday

pytestmark = pytest.mark.browser


def authorise(page: Page, demo: str, loan: str, clabe: str) -> None:
    """From the reminder to consent, with the CLABE that the page offers under these words."""
    choose(page, demo, loan)
    page.click("#remind")
    last_said(page, "¿Eres ")
    press(page, "Sí")
    prove(page)
    expect(page.locator("#ledger")).to_contain_text("identity.confirmed")
    say(page, "cargo automático")
    last_said(page, "CLABE")
    take_hint(page, clabe)
    last_said(page, "¿Es correcto?")
    press(page, "Sí")
    last_said(page, "responde ACEPTO")
    press(page, "ACEPTO")
    has_said(page, "tu autorización quedó registrada")


def advance_until(page: Page, attempt: str, words: str) -> None:
    """From one result to the next: another instalment's may come first."""
    shown = page.locator("#debit .record", has_text=attempt).filter(has_text=words)
    for _ in range(6):
        advance(page, "#to-result")
        if shown.count():
            return
    expect(shown.first).to_be_visible()


def charges(page: Page, demo: str, loan: str) -> list[dict]:
    """Both records' word on them, the newest first."""
    return page.request.get(f"{demo}/simulator/state?loan={loan}").json()["debit"]["charges"]


def test_one_pays_by_direct_debit_before_anybody_came(page: Page, demo: str) -> None:
    choose(page, demo, "JAC-1018")
    for kind in ("mandate.authorized", "mandate.active", "charge.notified"):
        expect(page.locator("#ledger")).to_contain_text(kind, timeout=WALK_MS)
    has_said(page, "tu autorización quedó registrada")
    assert [charge["status"] for charge in charges(page, demo, "JAC-1018")] == ["notified"]


def test_lack_of_funds_is_retried_on_payday(page: Page, demo: str) -> None:
    authorise(page, demo, "JAC-1004", "CLABE sin fondos")
    advance_until(page, "intento 1", "devuelto: sin fondos")
    advance_until(page, "intento 2", "cobrado")
    advance_until(page, "intento 2", "en firme")
    ledger_holds(page, "charge.returned", "charge.collected", "charge.settled")
    tries = charges(page, demo, "JAC-1004")
    first, again = tries[-1], next(charge for charge in tries if charge["attempt"] == 2)
    tried, retried = date.fromisoformat(first["on"]), date.fromisoformat(again["on"])
    assert (first["status"], first["code"], again["status"]) == ("returned", "04", "settled")
    assert retried - tried >= timedelta(days=3)
    assert retried == next_payday(retried)


def test_from_the_reminder_to_a_settled_charge(page: Page, demo: str) -> None:
    authorise(page, demo, "JAC-1002", "CLABE que sí paga")
    advance_until(page, "intento 1", "cobrado")
    has_said(page, "Tu banco ya hizo el cargo")
    advance_until(page, "intento 1", "en firme")
    has_said(page, "Recibimos los")
    ledger_holds(page, "mandate.requested", "mandate.authorized", "mandate.submitted", "mandate.active")
    ledger_holds(page, "charge.notified", "charge.submitted", "charge.collected", "charge.settled")
    first = charges(page, demo, "JAC-1002")[-1]
    assert first["status"] == "settled"
    assert first["provider"]["status"] == "successful"
    assert first["provider"]["amount"] == first["amount"]


def test_the_outcome_that_is_chosen(page: Page, demo: str) -> None:
    authorise(page, demo, "JAC-1006", "CLABE que sí paga")
    expect(page.locator("#outcome")).to_be_enabled(timeout=30_000)
    page.select_option("#outcome", "03")
    expect(page.locator("#debit .choice")).to_contain_text("Así terminará el siguiente cargo")
    advance_until(page, "intento 1", "devuelto: cuenta cancelada")
    advance(page, "#to-result")
    expect(page.locator("#clock-result")).to_contain_text("Aún no hay cargo automático")


def test_what_is_ready_to_be_typed_is_of_this_loan_alone(page: Page, demo: str) -> None:
    seen = []
    for loan in ("JAC-1020", "JAC-1021"):
        choose(page, demo, loan)
        page.locator("#debit summary").click()
        seen.append(page.locator("#debit .clabe code").all_inner_texts())
    assert all(len(codes) == 11 for codes in seen)
    assert len(set(itertools.chain(*seen))) == 22
