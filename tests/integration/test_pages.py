"""The borrower's own pages: the factor first, three tries, and each act the same as in the chat."""

import html
import json
import re
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, update
from werkzeug.test import TestResponse

from bot.app import create_app
from bot.console.access import accounts
from bot.conversation import take_events
from bot.documents import documents_of, issue_papers
from bot.page_links import revoke
from bot.pages import new_link
from models import Borrower, Consent, Hold, Loan, Mandate, Message, Plan, Task, read_tx, write_tx
from tests.desk import PASSWORD, Desk
from tests.integration.test_plans import AT, plan
from tests.mandates import add_mandate
from tests.services import approve_templates
from tests.talk import CLABE, Talk, talk

LARGEST = 100_000
"""Bytes of a page with all that it loads."""


class Page:
    """A browser on the page of one borrower."""

    def __init__(self, borrower: Talk) -> None:
        self.borrower = borrower
        self.client: FlaskClient = create_app(borrower.services).test_client()
        with write_tx(borrower.services.engine) as connection:
            link = new_link(connection, borrower.services, borrower.borrower, borrower.services.clock.now())
        self.path = link.url.removeprefix(borrower.services.settings.public_url)

    def get(self, path: str = "") -> TestResponse:
        return self.client.get(self.path + path)

    def enter(self, day: str = "15", month: str = "3") -> TestResponse:
        return self.client.post(f"{self.path}/who", data={"day": day, "month": month})

    def post(self, path: str, **form: Any) -> TestResponse:
        token = re.search(r'name="form_token" value="([0-9a-f]+)"', self.get().text)
        assert token
        loan = {"loan": f"L{self.borrower.number}"}
        return self.client.post(self.path + path, data={"form_token": token[1], **loan, **form})


@pytest.fixture
def page(engine: Engine) -> Page:
    return Page(talk(engine, AT))


def test_nothing_is_shown_before_the_factor(page: Page) -> None:
    answer = page.get()
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/who")
    asked = page.get("/who")
    assert asked.status_code == 200
    for secret in ("Ana", "$600", ">L1"):
        assert secret not in asked.text
    assert page.enter().status_code == 303
    home = page.get()
    assert home.status_code == 200
    assert "$600.00" in home.text
    assert len(home.data) < LARGEST
    assert home.headers["Referrer-Policy"] == "no-referrer"
    assert "no-store" in home.headers["Cache-Control"]
    assert "identity.confirmed" in page.borrower.kinds()


def test_three_tries_then_a_person(page: Page) -> None:
    for _ in range(3):
        assert page.enter(day="1").status_code == 403
    assert page.enter().status_code == 403
    assert page.get().status_code == 403
    assert [task.kind for task in page.borrower.rows(Task)] == ["page_locked"]


@pytest.mark.parametrize(
    ("day", "month"), [("", ""), ("15", ""), ("", "3"), ("x", "3"), ("31", "2"), ("0", "3")]
)
def test_what_is_no_day_of_a_year_is_no_try(page: Page, day: str, month: str) -> None:
    for _ in range(4):
        asked = page.enter(day, month)
        assert (asked.status_code, "elige el mes" in asked.text) == (422, True)
    assert "identity.failed" not in page.borrower.kinds()
    assert page.enter().status_code == 303


def test_a_link_expires_is_revoked_and_cannot_be_made_up(page: Page, engine: Engine) -> None:
    page.enter()
    assert page.client.get(page.path + "x").status_code == 404
    with write_tx(engine) as connection:
        revoke(connection, page.borrower.borrower, AT)
    assert page.get().status_code == 404
    fresh = Page(page.borrower)
    page.borrower.advance(days=8)
    assert fresh.get("/who").status_code == 404


def test_a_link_fits_into_an_sms_and_no_other_letters_open_the_same_page(page: Page) -> None:
    assert len(page.path) <= len("/m/") + 24
    token = page.path.removeprefix("/m/")
    for changed in (token[:-1], token[:-1] + ("A" if token[-1] != "A" else "B"), token + "=", token[1:], "é"):
        assert page.client.get(f"/m/{changed}/who").status_code == 404


def test_all_that_is_owed_is_offered_on_the_page_where_policy_has_it(page: Page) -> None:
    policy = page.borrower.services.lender.terms.offers
    assert policy.plan is not None
    page.enter()
    assert "$1,150.00" not in page.get("/offers?loan=L1").text
    whole = replace(policy, plan=replace(policy.plan, whole=True))
    page.borrower.services.__dict__["policy"] = replace(page.borrower.services.policy, offers=whole)
    shown = page.get("/offers?loan=L1").text
    assert "O repartir todo lo que debes" in shown
    key = re.findall(r'name="offer" value="([0-9a-f]+)"', shown)[-1]
    assert "$1,150.00" in page.post("/choose", offer=key).text


def test_a_form_of_another_site_does_nothing(page: Page) -> None:
    page.enter()
    assert page.client.post(f"{page.path}/stop", data={"form_token": "0" * 64}).status_code == 403
    assert page.borrower.rows(Borrower)[0].opted_out_at is None


def test_a_plan_is_chosen_read_back_and_agreed(page: Page, engine: Engine) -> None:
    page.enter()
    offered = page.get("/offers?loan=L1")
    key = re.search(r'name="offer" value="([0-9a-f]+)"', offered.text)
    assert key
    read_back = page.post("/choose", offer=key[1])
    assert "Acuerdo de pago" in read_back.text
    assert page.borrower.rows(Plan) == []
    done = page.post("/choose", offer=key[1], agreed="yes")
    assert done.headers["Location"].endswith("done=agreed")
    assert plan(page.borrower)["status"] == "active"
    home = page.get().text
    assert "Tu siguiente pago del acuerdo" in home
    assert "cubre lo vencido: $600.00" in home
    record = next(row for row in page.borrower.rows(Plan) if row.status == "active")
    assert record.asked_message_id < record.answered_message_id
    issue_papers(page.borrower.services)
    with read_tx(engine) as connection:
        paper = documents_of(connection, page.borrower.loan)[0]
    assert page.get(f"/paper?id={paper['id']}").data.startswith(b"%PDF")
    checked = page.get(f"/check/{paper['code']}")
    assert "auténtico" in checked.text
    assert "Ana" not in checked.text
    assert page.get("/check/NOSUCHCODE22").status_code == 404


def test_terms_stand_in_the_language_of_the_page_and_are_kept_as_they_were_shown(page: Page) -> None:
    page.enter()
    offered = re.search(r'name="offer" value="([0-9a-f]+)"', page.get("/offers?loan=L1&lang=en").text)
    assert offered
    read_back = page.post("/choose?lang=en", offer=offered[1]).text
    shown = re.search(r'<p class="terms">([^<]+)</p>', read_back)
    assert shown
    page.post("/choose?lang=en", offer=offered[1], agreed="yes")
    (agreed,) = (row for row in page.borrower.rows(Plan) if row.status == "active")
    assert agreed.terms_text == html.unescape(shown[1])
    assert "Payment agreement" in agreed.terms_text
    terms = re.search(r'<p class="terms">([^<]+)</p>', page.post("/give?lang=en", clabe=CLABE).text)
    assert terms
    (mandate,) = page.borrower.rows(Mandate)
    assert mandate.terms_text == html.unescape(terms[1])
    assert "authori" in mandate.terms_text
    signed = page.post("/accept?lang=en", accept="yes", name="Ana López")
    assert "done=account" in signed.headers["Location"]


def test_a_plan_chosen_here_is_charged_under_the_mandate_unless_its_borrower_pays_it(page: Page) -> None:
    with write_tx(page.borrower.services.engine) as connection:
        add_mandate(connection, page.borrower.loan, max_amount=200_000, frequency="monthly")
    page.enter()
    key = re.search(r'name="offer" value="([0-9a-f]+)"', page.get("/offers?loan=L1").text)
    assert key
    assert "se carga a tu cuenta" in page.post("/choose", offer=key[1]).text
    by_hand = page.post("/choose", offer=key[1], by_hand="yes").text
    assert "cada pago lo haces tú" in by_hand
    assert 'name="by_hand" value="yes"' in by_hand
    page.post("/choose", offer=key[1], agreed="yes")
    assert plan(page.borrower)["by_debit"] is True


def test_an_account_is_given_and_a_debit_authorised(page: Page) -> None:
    page.enter()
    assert "no es correcta" in page.post("/give", clabe="012180001234567890").text
    terms = page.post("/give", clabe=CLABE)
    assert "folio" in terms.text.lower()
    assert CLABE not in terms.text
    assert "marca la casilla" in page.post("/accept", name="Otra Persona", accept="yes").text
    assert "marca la casilla" in page.post("/accept", name="Ana López Ruiz").text
    assert page.borrower.rows(Consent) == []
    assert (
        page.post("/accept", name="Ana Lopez Ruiz", accept="yes").headers["Location"].endswith("done=account")
    )
    assert page.borrower.rows(Mandate)[0].status == "authorized"
    assert "Ana Lopez" in page.borrower.rows(Consent)[0].answer_text
    with write_tx(page.borrower.services.engine) as connection:
        approve_templates(connection, page.borrower.services)
    take_events(page.borrower.services)
    page.borrower.send()
    assert "¡Listo, ya quedó!" in page.borrower.ours()[-1].body, "the chat goes on by itself"
    done = page.post("/cancel-debit").headers["Location"].partition("?")[2]
    assert page.borrower.rows(Mandate)[0].status == "cancelled"
    for told in (page.get(f"?{done}").text, page.get("/chat").text):
        assert "cancelamos el cargo automático a tu cuenta de" in told


def test_reporting_disputing_preferring_and_stopping(page: Page) -> None:
    page.enter()
    page.post("/report", amount="$1,300.00", tracking="MBAN0100261201")
    assert page.borrower.rows(Task)[0].data["amount"] == 130_000
    nothing = page.post("/prefer")
    assert (nothing.status_code, "Elige un horario" in nothing.text) == (422, True)
    page.post("/prefer", window="evening", channel="sms")
    page.post("/dispute", about="debt")
    page.post("/stop")
    assert {hold.kind for hold in page.borrower.rows(Hold)} >= {"payment_reported", "dispute"}
    kinds = page.borrower.kinds()
    assert {"payment.reported", "preference.recorded", "dispute.opened", "optout.recorded"} <= set(kinds)
    home = page.get("").text
    for shown in (
        "Estamos revisando el pago",
        'value="evening" selected',
        'value="sms" selected',
        "Pediste no recibir mensajes",
    ):
        assert shown in home, "what was asked for stands there"
    page.post("/resume")
    assert "optin.recorded" in page.borrower.kinds()
    assert "Pediste no recibir mensajes" not in page.get("").text


def test_a_receipt_is_kept_for_the_desk_and_what_is_no_picture_is_refused(page: Page) -> None:
    page.enter()
    for content, amount, status in (
        (b"MZ not a picture", "300", 422),
        (b"\xff\xd8\xff", "500,50", 422),
        (b"\xff\xd8\xff" + b"x" * 400_000, "300", 303),
    ):
        sent = {"amount": amount, "tracking": "MX77", "receipt": (BytesIO(content), "recibo.jpg")}
        answer = page.post("/report", **sent)
        assert answer.status_code == status
        for typed in (amount, "MX77"):
            assert status == 303 or f'value="{typed}"' in answer.text, "what was typed is still there"
        assert ('class="fault" role="alert"' in answer.text) == (status == 422)
    received = page.borrower.rows(Message, Message.direction == "in")
    assert len([row for row in received if row.media]) == 1
    kept = received[-1].media[0]
    accounts.add_agent(page.borrower.services, "agent@b.mx", "agent", PASSWORD, "Berta Uno")
    path = kept["url"].removeprefix(page.borrower.services.settings.public_url)
    assert Desk(page.borrower).get(path).status_code == 302, "only for who is logged in"
    found = Desk(page.borrower, "agent@b.mx").get(path)
    assert (found.mimetype, len(found.data)) == ("image/jpeg", 400_003)
    assert "attachment" in found.headers["Content-Disposition"]


def test_somebody_elses_papers_are_not_there(engine: Engine) -> None:
    first = talk(engine, AT)
    other = talk(engine, AT, number=2, services=first.services)
    page, theirs = Page(first), Page(other)
    page.enter()
    theirs.enter()
    theirs.get("/statement?loan=L2")
    with read_tx(engine) as connection:
        paper = documents_of(connection, other.loan)[0]
    assert page.get(f"/paper?id={paper['id']}").status_code == 404
    own = theirs.get(f"/paper?id={paper['id']}")
    assert own.status_code == 200
    assert f"Estado-de-cuenta-{paper['code']}.pdf" in own.headers["Content-Disposition"]


def test_in_english(page: Page) -> None:
    assert "Is it you?" in page.get("/who?lang=en").text
    assert page.get("?lang=en").headers["Location"].endswith("/who?lang=en")
    page.enter()
    assert "How to pay" in page.get("?lang=en").text


def test_another_language_is_that_of_the_same_page_and_a_refused_form_keeps_its_input(page: Page) -> None:
    half = page.client.post(f"{page.path}/who", data={"day": "31", "month": "2"})
    for kept in ('value="31"', '<option value="2" selected'):
        assert kept in half.text, kept
    page.enter()
    offer = re.search(r'name="offer" value="([0-9a-f]+)"', page.get("/offers?loan=L1").text)
    assert offer
    clabe = page.post("/give", clabe="012345678901234567")
    assert 'value="012345678901234567"' in clabe.text
    page.post("/give", clabe=CLABE)
    terms = page.post("/accept", name="Otra Persona", accept="yes")
    for kept in ('value="Otra Persona"', "required checked"):
        assert kept in terms.text, kept
    for shown in (half, page.get("/offers?loan=L1"), page.post("/choose", offer=offer[1]), clabe, terms):
        link = re.search(r'href="([^"]+)" lang="en"', shown.text)
        assert link
        there = page.client.get(html.unescape(link[1]))
        assert there.status_code == 200, link[1]
        assert there.text.count("<form") == shown.text.count("<form"), "the same page"


def test_the_bank_is_shown_before_the_number_is_sent_and_in_the_terms(page: Page) -> None:
    page.enter()
    form = page.get("/account?loan=L1")
    names = re.search(r'data-banks="([^"]+)"', form.text)
    assert names
    assert json.loads(html.unescape(names[1]))[CLABE[:3]] == "BBVA"
    assert "BBVA" in page.post("/give", clabe=CLABE).text


def test_a_cash_reference_is_a_bar_code_too(page: Page) -> None:
    page.enter()
    assert "data:image/svg+xml" not in page.get().text
    _set_cash_reference(page, "9301234567890123")
    assert 'src="data:image/svg+xml;base64,' in page.get().text
    _set_cash_reference(page, "sin código ñ")
    home = page.get()
    assert home.status_code == 200
    assert "data:image/svg+xml" not in home.text


def _set_cash_reference(page: Page, reference: str) -> None:
    with write_tx(page.borrower.services.engine) as connection:
        connection.execute(update(Loan).values(cash_reference=reference))


def test_a_borrower_downloads_their_own_data_and_nobody_elses(engine: Engine) -> None:
    first = talk(engine, AT)
    other = talk(engine, AT, number=2, services=first.services)
    first.say(f"quiero domiciliar, mi clabe es {CLABE}")
    other.say("hola, soy la otra")
    page = Page(first)
    assert page.get("/data.json").status_code == 303
    page.enter()
    answer = page.get("/data.json")
    data = json.loads(answer.data)
    assert data["person"]["name"] == "Ana López Ruiz"
    assert [loan["external_id"] for loan in data["open_loans"]] == ["L1"]
    assert data["open_loans"][0]["instalments"][0]["unpaid"] == 60_000
    assert any("domiciliar" in message["body"] for message in data["messages"])
    assert CLABE not in answer.text
    assert "la otra" not in answer.text


def test_the_brand_of_the_loan_heads_the_page_before_and_after_the_factor(page: Page) -> None:
    own = page.borrower.services.lender.facts.trade_name
    assert own in page.get("/who").text
    with write_tx(page.borrower.services.engine) as connection:
        connection.execute(update(Loan).values(lender="Préstamos Colibrí"))
    assert "Préstamos Colibrí" in page.get("/who").text
    page.enter()
    home = page.get().text
    assert "Préstamos Colibrí" in home
    assert own not in home
