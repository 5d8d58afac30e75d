"""The brand of a loan in all that its borrower reads, as it leaves and against the records."""

from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from bot.conversation import take_events, thread_rows
from bot.conversation import view as views
from bot.debit.mandates import issue_documents
from bot.documents import documents_of, issue_statement
from bot.outreach.sending.outbox import due, known
from bot.reach import NewEvent, best_contact_point, enqueue_event
from models import ContactPoint, Loan, Mandate, Message, read_tx, write_tx
from models.loan import shared_brand
from tests.charging import make_house
from tests.integration.test_pages import Page
from tests.integration.test_papers import text_of
from tests.integration.test_plans import AT
from tests.loans import add_loan
from tests.services import approve_templates
from tests.talk import Talk, talk
from values import LoanId

OWN, BRAND, OTHER = "Crédito Jacaranda", "Préstamos Colibrí", "Crédito Magnolia"


@pytest.fixture
def ana(engine: Engine) -> Talk:
    one = talk(engine, AT)
    change(one, one.loan, lender=BRAND)
    return one


def change(one: Talk, loan: int, **values: Any) -> None:
    with write_tx(one.services.engine) as connection:
        connection.execute(update(Loan).where(Loan.id == loan).values(**values))


def approve(one: Talk) -> None:
    with write_tx(one.services.engine) as connection:
        approve_templates(connection, one.services)


def second_loan(one: Talk) -> int:
    with write_tx(one.services.engine) as connection:
        return add_loan(connection, one.borrower, 2, [(date(2026, 11, 28), {"principal": 30_000})])


def remind(one: Talk, loan: int) -> None:
    with write_tx(one.services.engine) as connection:
        point = best_contact_point(connection, one.borrower)
        assert point is not None
        now: datetime = one.services.clock.now()
        event = NewEvent(
            "outreach", point.conversation_id, f"{loan}:{now}", now, {"flow": "reminder"}, loan, point.id
        )
        enqueue_event(connection, event)
    take_events(one.services)
    one.send()


def sent(one: Talk) -> list[str]:
    """The words of each message that left, those that fill a template among them."""
    return [f"{each.text} {each.variables or ''}" for each in one.wire.sent]


def names_of(one: Talk) -> set[str]:
    return {name for name in (OWN, BRAND, OTHER) if any(name in text for text in sent(one))}


def test_no_text_from_the_greeting_to_the_mandate_holds_the_trade_name(ana: Talk) -> None:
    ana.say("hola")
    ana.say("¿quién eres?")
    ana.say("¿cómo puedo pagar?")
    remind(ana, ana.loan)
    ana.to_authorized()
    assert len(ana.rows(Mandate)) == 1
    assert names_of(ana) == {BRAND}


def test_whoever_is_not_known_yet_is_greeted_by_the_brand(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(ContactPoint).values(confirmed_at=None, status="unverified"))
    for text in ("hola", "sí", "15 de marzo de 1990"):
        ana.say(text)
    assert names_of(ana) == {BRAND}


def test_a_template_is_filled_with_the_brand(ana: Talk) -> None:
    approve(ana)
    remind(ana, ana.loan)
    (left,) = ana.wire.sent
    assert left.template
    assert BRAND in left.variables
    assert names_of(ana) == {BRAND}


def test_the_notice_of_a_charge_holds_no_trade_name(engine: Engine) -> None:
    house = make_house(engine)
    house.set(Loan, lender=BRAND)
    house.announce()
    house.at("2026-11-26T09:00")
    house.announce()
    assert house.statuses() == ["notified"]
    assert house.wire.sent
    assert not any(OWN in f"{each.text} {each.variables}" for each in house.wire.sent)


def test_papers_and_their_check_name_the_brand(ana: Talk) -> None:
    ana.to_authorized()
    issue_documents(ana.services)
    with write_tx(ana.services.engine) as connection:
        statement = issue_statement(connection, ana.services, ana.loan)
        (listed,) = (each for each in documents_of(connection, ana.loan) if each["kind"] == "statement")
    (mandate,) = ana.rows(Mandate)
    checked = Page(ana).get(f"/check/{listed['code']}").text
    for text in (text_of(statement.content), text_of(mandate.document), checked):
        assert BRAND in text
        assert OWN not in text


def test_of_two_brands_each_message_names_the_one_of_its_loan(ana: Talk) -> None:
    second = second_loan(ana)
    change(ana, second, lender=OTHER)
    approve(ana)
    remind(ana, second)
    assert names_of(ana) == {OTHER}
    ana.wire.sent.clear()
    ana.advance(days=1)
    remind(ana, ana.loan)
    assert names_of(ana) == {BRAND}


def test_of_two_brands_each_page_names_the_one_of_its_loan(ana: Talk) -> None:
    change(ana, second_loan(ana), lender=OTHER)
    page = Page(ana)
    page.enter()
    home, first, second = (page.get(path).text for path in ("", "/offers?loan=L1", "/offers?loan=L2"))
    assert BRAND in home
    assert OTHER in home
    assert (BRAND in first, OTHER in first, OWN in first) == (True, False, False)
    assert (BRAND in second, OTHER in second, OWN in second) == (False, True, False)


def test_whose_loans_are_all_closed_reads_their_brand_still(ana: Talk) -> None:
    change(ana, ana.loan, status="settled")
    ana.say("¿quién eres?")
    assert names_of(ana) == {BRAND}
    page = Page(ana)
    assert OWN not in page.get("/who").text
    page.enter()
    home = page.get().text
    assert BRAND in home
    assert OWN not in home


@pytest.mark.parametrize(
    ("loans", "brand"),
    [
        ([(BRAND, "current"), (BRAND, "overdue")], BRAND),
        ([(BRAND, "current"), (OTHER, "overdue")], None),
        ([(BRAND, "current"), (None, "overdue")], None),
        ([(BRAND, "current"), (OTHER, "settled")], BRAND),
        ([(None, "current"), (OTHER, "settled")], None),
        ([(BRAND, "settled"), (BRAND, "written_off")], BRAND),
        ([(BRAND, "settled"), (OTHER, "settled")], None),
    ],
)
def test_the_statement_and_the_conversation_agree_on_the_name(
    ana: Talk, loans: list[tuple[str | None, str]], brand: str | None
) -> None:
    ids = (ana.loan, second_loan(ana))
    for loan, (name, status) in zip(ids, loans, strict=True):
        change(ana, loan, lender=name, status=status)
    ana.dispatching = False
    ana.say("¿quién eres?")
    now = ana.services.clock.now()
    with write_tx(ana.services.engine) as connection:
        assert connection.scalar(select(shared_brand([ana.borrower]))) == brand  # type: ignore[list-item]
        (waiting,) = known(connection, due(connection, now, 10), now)
        assert waiting.row.brand == brand
    with read_tx(ana.services.engine) as connection:
        facts = views.view(
            connection, thread_rows.by_id(connection, ana.conversation, now), ana.services, now
        ).facts
    assert facts.lender_to().trade_name == (brand or OWN)
    for loan, (name, _) in zip(ids, loans, strict=True):
        assert facts.lender_to(LoanId(loan)).trade_name == (name or OWN)


def test_a_mail_about_a_loan_without_a_brand_is_not_signed_by_that_of_another(ana: Talk) -> None:
    second = second_loan(ana)
    change(ana, ana.loan, lender=None, status="settled")
    change(ana, second, lender=OTHER)
    ana.dispatching = False
    remind(ana, second)
    at = ana.services.clock.now()
    with write_tx(ana.services.engine) as connection:
        (waiting,) = known(connection, due(connection, at, 10), at)
        assert waiting.row.brand == OTHER
        connection.execute(update(Message).values(loan_id=ana.loan))
        (waiting,) = known(connection, due(connection, at, 10), at)
        assert waiting.row.brand is None
