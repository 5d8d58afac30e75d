"""What became of a payment that was reported is answered: seen, or not found; until then nobody is chased."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot.conversation import take_events
from bot.handoff import close_case
from bot.money import Reported, answer_reports, lock_loan, payment_not_found, receive
from models import Hold, Task, write_tx
from tests.talk import Talk, talk

NOON = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)


@pytest.fixture
def ana(engine: Engine) -> Talk:
    one = talk(engine, NOON)
    one.say("ya pagué 600 ayer")
    return one


def pay(ana: Talk, pesos: int) -> None:
    with write_tx(ana.services.engine) as connection:
        loan, now = lock_loan(connection, f"L{ana.number}"), ana.services.clock.now()
        assert loan is not None
        receive(connection, loan, Reported("api", "spei", "R1", pesos * 100, now, "lender:test"), now)


def news(ana: Talk) -> list[str]:
    """What the news since say."""
    before = len(ana.ours())
    take_events(ana.services)
    ana.send()
    return [row.wording["lines"][0][0] for row in ana.ours()[before:]]


def standing(ana: Talk) -> list[str]:
    return [hold.kind for hold in ana.rows(Hold, Hold.loan_id == ana.loan) if hold.lifted_at is None]


def open_cases(ana: Talk) -> int:
    return len(ana.rows(Task, Task.kind == "payment_reported", Task.done_at.is_(None)))


def test_its_arrival_is_told_and_ends_the_case(ana: Talk) -> None:
    pay(ana, 600)
    assert news(ana) == ["news.paid_reported"]
    assert not standing(ana)
    assert open_cases(ana) == 0
    ana.advance(days=5)
    assert answer_reports(ana.services) == 0


def test_a_smaller_payment_leaves_it_open(ana: Talk) -> None:
    pay(ana, 200)
    assert news(ana) == ["news.paid"]
    assert standing(ana) == ["payment_reported"]
    assert open_cases(ana) == 1


def test_that_it_was_not_found_is_told_once_when_its_time_is_over(ana: Talk) -> None:
    assert answer_reports(ana.services) == 0
    ana.services.clock.at += timedelta(days=3)  # type: ignore[attr-defined]
    assert standing(ana) == ["payment_reported"]
    assert [answer_reports(ana.services), answer_reports(ana.services)] == [1, 0]
    assert news(ana) == ["news.paid_not_found"]
    assert not standing(ana)
    assert open_cases(ana) == 1, "a person still has it"
    with write_tx(ana.services.engine) as connection:
        payment_not_found(connection, ana.loan, ana.services.clock.now(), "agent:1")
    assert news(ana) == []


def test_a_person_who_closes_the_case_tells_it_at_once(ana: Talk) -> None:
    with write_tx(ana.services.engine) as connection:
        payment_not_found(connection, ana.loan, ana.services.clock.now(), "agent:1")
    assert news(ana) == ["news.paid_not_found"]
    assert not standing(ana)


@pytest.mark.parametrize("outcome", ["found", "not_found"])
def test_what_its_borrower_knows_from_a_person_is_not_contradicted(ana: Talk, outcome: str) -> None:
    (case,) = ana.rows(Task, Task.kind == "payment_reported")
    at = ana.services.clock.now()
    with write_tx(ana.services.engine) as connection:
        close_case(connection, case.id, outcome, notified=True, now=at, actor="agent:1")
    ana.services.clock.at += timedelta(days=3)  # type: ignore[attr-defined]
    assert answer_reports(ana.services) == 0
    assert news(ana) == []


def test_what_is_added_to_a_report_joins_its_case(ana: Talk) -> None:
    for text in ("la clave de rastreo es 085902345678901234", "perdón, fueron 650", "por bbva"):
        ana.say(text)
    (case,) = ana.rows(Task, Task.kind == "payment_reported")
    assert (case.data["amount"], case.data["paid_on"]) == (65_000, "2026-11-23")
    assert case.data["tracking"] == "085902345678901234"
    assert ana.kinds("hold.placed") == ["hold.placed"]
    ana.say("hice otro depósito de 200 hoy")
    assert open_cases(ana) == 2


def test_a_report_is_kept_while_a_person_has_the_conversation(engine: Engine) -> None:
    one = talk(engine, NOON)
    one.say("pásame con una persona")
    before = len(one.ours())
    one.say("ya les pagué 600 ayer")
    assert len(one.ours()) == before
    assert standing(one) == ["payment_reported"]
    assert open_cases(one) == 1
