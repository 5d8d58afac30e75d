"""Papers: made when agreed, settled or asked for; listed, fetched, and checked by anyone who holds one."""

import hashlib
import re
import zlib

from sqlalchemy import Engine, update

from bot.app import create_app
from bot.conversation import take_events
from bot.debit.mandates import end_mandate, issue_documents
from bot.documents import check, document_of, documents_of, is_token_of, issue, issue_papers, issue_statement
from bot.documents.codes import check_url
from bot.documents.page import Page
from bot.documents.paper import amount_in_words
from bot.offers import judge_plans
from bot.wording import Wording
from models import LedgerEntry, Loan, Mandate, read_tx, write_tx
from models.ledger import append
from tests.integration.test_plans import AT, agreed, old, paid, plan
from tests.talk import talk
from values import Money


def test_an_agreement_has_its_paper_once(engine: Engine) -> None:
    borrower = agreed(engine)
    assert issue_papers(borrower.services) == 1
    assert issue_papers(borrower.services) == 0
    with read_tx(engine) as connection:
        listed = documents_of(connection, borrower.loan)
        found = document_of(connection, listed[0]["id"])
        assert [each["kind"] for each in listed] == ["agreement"]
        assert found is not None
        checked = check(connection, listed[0]["code"])
    assert found[2].startswith(b"%PDF-")
    assert hashlib.sha256(found[2]).hexdigest() == listed[0]["sha256"]
    assert checked is not None
    assert checked.in_force
    assert borrower.ledger("document")[-1].data["sha256"] == listed[0]["sha256"]
    borrower.advance(days=60)
    judge_plans(borrower.services)
    with read_tx(engine) as connection:
        broken = check(connection, listed[0]["code"])
    assert broken is not None
    assert (broken.fate, broken.in_force) == ("over", False)


def test_the_check_shows_what_a_paper_was_for_and_what_became_of_it(sqlite_engine: Engine) -> None:
    borrower = agreed(sqlite_engine)
    borrower.to_authorized()
    issue_documents(borrower.services)
    issue_papers(borrower.services)
    client = create_app(borrower.services).test_client()

    def shown(kind: str) -> str:
        with read_tx(sqlite_engine) as connection:
            code = next(p["code"] for p in documents_of(connection, borrower.loan) if p["kind"] == kind)
        url = check_url(borrower.services, code)
        return client.get(url.removeprefix(borrower.services.settings.public_url)).text

    total = f"${Money(int(str(plan(borrower)['total']))).pesos:,.2f}"
    assert total in shown("agreement")
    assert "Sigue vigente" in shown("agreement")
    assert "Sigue vigente" in shown("mandate")
    assert "Ana" not in shown("mandate") + shown("agreement")
    with write_tx(sqlite_engine) as connection:
        issue_statement(connection, borrower.services, borrower.loan)
        held = borrower.rows(Mandate)[-1]
        append(
            connection, borrower.loan, AT, *end_mandate(connection, held, "cancelled", "borrower", AT, "t")
        )
    assert "en el momento en que se emitió" in shown("statement")
    assert "Ya no está vigente" in shown("mandate")
    paid(borrower, int(str(plan(borrower)["total"])), AT, "all")
    judge_plans(borrower.services)
    assert "Se cumplió" in shown("agreement")


def test_a_settled_loan_gets_its_letter_and_a_payment_its_receipt(engine: Engine) -> None:
    borrower = old(engine)
    borrower.say("si pago todo me hacen un descuento?")
    borrower.say("sí")
    entry = paid(borrower, int(str(plan(borrower)["total"])), AT, "all")
    judge_plans(borrower.services)
    assert borrower.rows(Loan, Loan.id == borrower.loan)[0].status == "settled"
    issue_papers(borrower.services)
    with write_tx(engine) as connection:
        receipt = issue(connection, borrower.services, borrower.loan, "receipt", entry, f"entry:{entry}")
    with read_tx(engine) as connection:
        assert {each["kind"] for each in documents_of(connection, borrower.loan)} == {
            "settlement_letter",
            "receipt",
        }
    assert receipt.content.startswith(b"%PDF-")


def test_a_statement_is_of_this_minute(engine: Engine) -> None:
    borrower = agreed(engine)
    with write_tx(engine) as connection:
        first = issue_statement(connection, borrower.services, borrower.loan)
        again = issue_statement(connection, borrower.services, borrower.loan)
    paid(borrower, 10_000, AT, "one")
    with write_tx(engine) as connection:
        newer = issue_statement(connection, borrower.services, borrower.loan)
    assert first.id == again.id
    assert newer.id != first.id
    assert newer.data["total"] == first.data["total"] - 10_000


def test_papers_go_as_files_on_whatsapp_when_asked_for_and_when_they_are_made(engine: Engine) -> None:
    borrower = agreed(engine)
    app = create_app(borrower.services)

    def fetched() -> str:
        url = borrower.wire.sent[-1].media_url
        assert url is not None
        answer = app.test_client().get(url.removeprefix(borrower.services.settings.public_url))
        assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
        return answer.headers["Content-Disposition"]

    issue_papers(borrower.services)
    take_events(borrower.services)
    borrower.send()
    assert "Tu carta convenio" in borrower.ours()[-1].body
    assert "Carta-convenio" in fetched()
    for text, kind in (
        ("mándame mi estado de cuenta por favor", "Estado-de-cuenta"),
        ("quiero mi comprobante de pago", "Estado-de-cuenta"),
        ("mándame la carta convenio", "Carta-convenio"),
    ):
        borrower.say(text)
        assert "/m/" in borrower.ours()[-1].body, text
        assert kind in fetched(), text
    paid(borrower, 10_000, AT, "one")
    borrower.say("quiero mi comprobante de pago")
    assert "Comprobante" in fetched()
    url = str(borrower.wire.sent[-1].media_url)
    assert app.test_client().get(url[url.index("/m/") : -6] + ".pdf").status_code == 404


def test_a_check_address_opens_its_own_paper_only(engine: Engine) -> None:
    borrower = agreed(engine)
    url = check_url(borrower.services, "ABCDEFGH2345")
    token = url.split("/m/")[1].split("/")[0]
    assert is_token_of(borrower.services, token, "ABCDEFGH2345")
    assert not is_token_of(borrower.services, token, "ABCDEFGH2346")
    assert not is_token_of(borrower.services, token + "x", "ABCDEFGH2345")
    with read_tx(engine) as connection:
        assert check(connection, "ABCDEFGH2345") is None


def test_no_name_is_in_the_ledger(engine: Engine) -> None:
    borrower = agreed(engine)
    issue_papers(borrower.services)
    assert "Ana" not in str([row.data for row in borrower.rows(LedgerEntry)])


def test_amounts_in_words() -> None:
    assert amount_in_words(Money(60_050), "es_MX") == "seiscientos pesos 50/100 M.N."
    assert amount_in_words(Money(100), "es_MX") == "un peso 00/100 M.N."
    assert amount_in_words(Money(2_100), "es_MX") == "veintiún pesos 00/100 M.N."
    assert amount_in_words(Money(100_000_000), "es_MX") == "un millón de pesos 00/100 M.N."
    assert amount_in_words(Money(60_050), "en") == "six hundred pesos 50/100 M.N."


def text_of(pdf: bytes) -> str:
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    return b"".join(zlib.decompress(each) for each in streams if each[:1] == b"x").decode("latin-1")


def test_the_brand_of_the_loan_heads_its_papers(engine: Engine) -> None:
    borrower = talk(engine, AT)
    borrower.to_authorized()
    with write_tx(engine) as connection:
        connection.execute(update(Loan).values(lender="Préstamos Colibrí"))
        statement = issue_statement(connection, borrower.services, borrower.loan)
    issue_documents(borrower.services)
    (mandate,) = borrower.rows(Mandate)
    for pdf in (statement.content, mandate.document):
        assert "Préstamos Colibrí" in text_of(pdf)
        assert borrower.services.lender.facts.trade_name not in text_of(pdf)


def test_a_name_and_what_it_names_stand_on_one_page() -> None:
    page = Page(Wording.load(), "es_MX")
    page.facts([("Referencia", "1000025")] * 60)
    assert page.page_no() == 2
    page.set_y(page.h - 35)
    page.section("Evidencia")
    assert page.page_no() == 3
