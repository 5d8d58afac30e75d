"""A dispute, a complaint, somebody who needs care: a case with its deadline, whose outcome ends the hold."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, update

from bot.console.access import accounts
from bot.conversation import take_events
from bot.reach import News, notify_borrowers
from models import ContactPoint, Hold, Loan, Task, message_table, write_tx
from tests.desk import PASSWORD, Desk, waiting_for_a_person
from tests.loans import add_borrower, add_loan
from tests.talk import DUE, Talk, talk


@pytest.fixture
def ana(sqlite_engine: Engine, now: datetime) -> Talk:
    return waiting_for_a_person(sqlite_engine, now)


def case(ana: Talk, kind: str = "dispute") -> object:
    (found,) = ana.rows(Task, Task.kind == kind)
    return found


def held(ana: Talk) -> list[str]:
    return [hold.kind for hold in ana.rows(Hold, Hold.lifted_at.is_(None))]


def close(desk: Desk, ana: Talk, outcome: str, kind: str = "dispute", **form: str) -> int:
    task = case(ana, kind)
    return desk.post(f"/console/tasks/{task.id}/done", outcome=outcome, **form).status_code  # type: ignore[attr-defined]


def written_since(ana: Talk, before: int) -> list[str]:
    take_events(ana.services)
    ana.send()
    return [row.body for row in ana.ours()[before:]]


def test_a_dispute_is_a_case_whose_outcome_ends_the_hold_and_is_told(
    sqlite_engine: Engine, now: datetime
) -> None:
    ana = talk(sqlite_engine, now)
    ana.say("no reconozco este préstamo, es un fraude")
    ana.send()
    opened = case(ana)
    folio = opened.data["folio"]  # type: ignore[attr-defined]
    assert folio in ana.ours()[-1].body
    assert (opened.loan_id, opened.data["loans"]) == (ana.loan, [ana.loan])  # type: ignore[attr-defined]
    assert opened.due_at > now + timedelta(days=40), "thirty banking days"  # type: ignore[attr-defined]
    ana.say("de verdad no reconozco ese crédito")
    assert len(ana.ledger("dispute.opened")) == 1
    assert case(ana).data["folio"] == folio  # type: ignore[attr-defined]


def test_the_outcome_waits_until_the_bot_may_tell_it(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    ana.say("no reconozco ese cargo que me hicieron")
    assert held(ana) == ["dispute"]
    page = desk.get("/console/tasks?queue=deadline").text
    folio = case(ana).data["folio"]  # type: ignore[attr-defined]
    assert (folio in page, "No procede" in page, "Ana López" in page) == (True, True, True)
    due = date.fromisoformat(case(ana).data["due"])  # type: ignore[attr-defined]
    assert f"a más tardar el {due.day} ene 2027" in page, "the day that the borrower is given"
    desk.post("/console/search", q=folio.lower())
    with write_tx(ana.services.engine) as connection:
        connection.execute(update(message_table).values(body=""))
    assert "Ana López" in desk.get("/console/search").text, "found by its folio"
    assert close(desk, ana, "solved") == 400, "a claim is upheld or not"
    before = len(ana.ours())
    assert close(desk, ana, "dismissed") == 302
    assert (held(ana), ana.rows(Loan)[0].status) == ([], "current")
    (entry,) = ana.ledger("dispute.resolved")
    assert entry.data == {"folio": folio, "outcome": "dismissed"}
    assert written_since(ana, before) == [], "a person has the conversation"
    desk.act("release", outcome="answered", answer="settled")
    ana.advance(minutes=16)
    (answer,) = written_since(ana, before)
    assert (folio in answer, "CONDUSEF" in answer) == (True, True)


def test_a_debt_of_somebody_else_stays_held_and_who_was_told_is_not_told_again(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    desk.act("take")
    before = len(ana.ours())
    assert desk.act("acts/dispute", loan=str(ana.loan)).status_code == 303
    assert desk.act("acts/dispute", loan=str(ana.loan)).status_code == 303
    (message,) = written_since(ana, before)
    assert case(ana).data["folio"] in message, "the borrower has it, once"  # type: ignore[attr-defined]
    assert close(desk, ana, "upheld", notified="on") == 302
    assert held(ana) == ["dispute"]
    desk.act("release", outcome="answered", answer="settled")
    ana.advance(minutes=16)
    assert written_since(ana, before + 1) == []


def test_who_needs_care_is_written_to_again_when_a_person_says_so(ana: Talk) -> None:
    desk = Desk(ana, "agent@b.mx")
    for text in ("mi mamá falleció el lunes", "la verdad ya no quiero vivir"):
        ana.say(text)
    assert held(ana) == ["vulnerable"]
    assert close(desk, ana, "resumed", "vulnerable") == 302
    assert held(ana) == []


@pytest.mark.parametrize(
    ("kind", "text", "answer"),
    [
        ("dispute", "no reconozco este préstamo", "tienes razón"),
        ("privacy_request", "borra mis datos", "Ya atendimos"),
    ],
)
def test_who_never_proved_who_they_are_is_asked_first(
    sqlite_engine: Engine, now: datetime, kind: str, text: str, answer: str
) -> None:
    ana = talk(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        connection.execute(update(ContactPoint).values(confirmed_at=None, status="unverified"))
    ana.say(text)
    data, before = case(ana, kind).data, len(ana.ours())  # type: ignore[attr-defined]
    accounts.add_agent(ana.services, "agent@b.mx", "agent", PASSWORD)
    desk = Desk(ana, "agent@b.mx")
    if kind == "dispute":
        desk.act("take")
        desk.act("release", outcome="answered", answer="settled")
    assert close(desk, ana, "solved", kind) == 400
    assert close(desk, ana, "upheld", kind) == 302
    (question,) = written_since(ana, before)
    assert data["folio"] in question
    assert "¿eres Ana?" in question
    assert answer not in question
    ana.say("sí")
    ana.say("15 de marzo")
    assert any(data["folio"] in row.body and answer in row.body for row in ana.ours()[before + 1 :])


def test_on_a_shared_phone_nobody_reads_what_concerns_another(sqlite_engine: Engine, now: datetime) -> None:
    ana = talk(sqlite_engine, now)
    with write_tx(sqlite_engine) as connection:
        beto, _ = add_borrower(connection, 2, key=ana.phone, name="Beto Ruiz", notice_given_at=now)
        loan = add_loan(connection, beto, 2, DUE)
        kinds = ("payment.posted", "dispute.resolved")
        data = {"amount": 77_700, "folio": "A-1", "outcome": "upheld"}
        notify_borrowers(connection, [News(loan, kind, kind, data) for kind in kinds], now)
        notify_borrowers(connection, [News(ana.loan, "payment.posted", "hers", data)], now)
    ana.say("hola")
    (hers,) = written_since(ana, 1)
    assert "$777.00" in hers
