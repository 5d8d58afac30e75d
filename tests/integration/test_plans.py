"""From the wish for a plan to its end: what is sent, what the records hold, and what the ledger holds."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, delete, insert, update

from bot.console.access import accounts
from bot.conversation import take_events
from bot.money import expire_promises
from bot.offers import NoSuchApproval, approve_offer, expire_offers, judge_plans, made, plans_of, remind_plans
from models import Conversation, Hold, Loan, Plan, PlanInstalment, Task, Transition, read_tx, write_tx
from models.ledger import Payment, post_payment, reverse_payment, verify
from tests.desk import PASSWORD, Desk
from tests.loans import move_due_date
from tests.services import approve_templates
from tests.talk import Talk, talk
from values import Money

AT = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)
"""A Tuesday at noon: the first instalment, of 600.00, was due the day before."""


def paid(borrower: Talk, amount: int, at: datetime, reference: str) -> int:
    with write_tx(borrower.services.engine) as connection:
        payment = Payment(Money(amount), at, "spei", reference, "lender:test")
        return post_payment(
            connection, borrower.loan, payment, borrower.services.clock.now(), date(2027, 1, 1)
        ).entry_id


def sweep(borrower: Talk) -> None:
    judge_plans(borrower.services)
    remind_plans(borrower.services)
    take_events(borrower.services)
    borrower.send()


def agreed(engine: Engine) -> Talk:
    borrower = talk(engine, AT)
    borrower.say("puedo pagar en 2 pagos?")
    borrower.say("sí")
    return borrower


def plan(borrower: Talk) -> dict[str, object]:
    with read_tx(borrower.services.engine) as connection:
        return plans_of(connection, [borrower.loan])[borrower.loan]


def sound(borrower: Talk) -> None:
    with read_tx(borrower.services.engine) as connection:
        assert list(verify(connection, None)) == []


def test_a_plan_is_offered_read_back_and_agreed(engine: Engine) -> None:
    borrower = talk(engine, AT)
    borrower.say("quiero pagar en partes")
    assert "puedes elegir" in borrower.ours()[-1].body.lower()
    offered = borrower.rows(Plan)
    assert {row.status for row in offered} == {"offered"}
    assert borrower.kinds("plan") == ["plan.offered"] * len(offered)
    borrower.say("quiero pagar en partes")
    assert len(borrower.rows(Plan)) == len(offered), "the same is offered again, not anew"
    borrower.say("", payload="parts.2")
    assert "¿Estás de acuerdo?" in borrower.ours()[-1].body
    before = len(borrower.ours())
    borrower.say("sí")
    assert len(borrower.ours()) == before + 1
    record = next(row for row in borrower.rows(Plan) if row.status == "active")
    assert record.terms_text in borrower.ours()[-2].body
    assert (record.asked_message_id, record.folio) == (borrower.ours()[-2].id, f"C{borrower.loan}-1")
    parts = borrower.rows(PlanInstalment, PlanInstalment.plan_id == record.id)
    assert sum(part.amount for part in parts) == record.total == 60_000
    entry = borrower.ledger("plan.agreed")[-1]
    assert entry.data["terms_hash"] == record.terms_hash
    assert {row.status for row in borrower.rows(Plan) if row.id != record.id} == {"cancelled"}
    assert (
        len(borrower.rows(Transition, Transition.subject == "plan", Transition.subject_id == record.id)) == 2
    )
    sound(borrower)


def test_paid_in_time_it_is_kept(engine: Engine) -> None:
    borrower = agreed(engine)
    paid(borrower, 30_000, AT, "one")
    sweep(borrower)
    assert [part["status"] for part in plan(borrower)["instalments"]] == ["kept", "open"]  # type: ignore[attr-defined]
    paid(borrower, 30_000, AT, "two")
    sweep(borrower)
    assert plan(borrower)["status"] == "kept"
    assert borrower.kinds("plan")[-1] == "plan.kept"
    sweep(borrower)
    assert borrower.kinds("plan").count("plan.kept") == 1
    sound(borrower)


def test_it_is_reminded_of_missed_moved_and_broken(engine: Engine) -> None:
    borrower = agreed(engine)
    with write_tx(engine) as connection:
        approve_templates(connection, borrower.services)
    first, last = (date.fromisoformat(part["date"]) for part in plan(borrower)["instalments"])  # type: ignore[attr-defined]
    borrower.advance(days=(first - AT.date()).days - 1)
    sweep(borrower)
    assert "recordatorio" in borrower.ours()[-1].body
    sweep(borrower)
    assert sum("recordatorio" in row.body for row in borrower.ours()) == 1
    paid(borrower, 10_000, borrower.services.clock.now(), "a part of it")
    borrower.advance(days=2)
    sweep(borrower)
    assert "No vimos tu pago de $200.00" in borrower.ours()[-1].body
    assert "lo pasamos al final" in borrower.ours()[-1].body
    assert plan(borrower)["status"] == "active"
    borrower.advance(days=(last - first).days + 4)
    sweep(borrower)
    assert plan(borrower)["status"] == "broken"
    assert "terminó" in borrower.ours()[-1].body


def test_news_that_may_not_leave_at_night_leaves_in_the_morning(engine: Engine) -> None:
    borrower = agreed(engine)
    with write_tx(engine) as connection:
        approve_templates(connection, borrower.services)
    first = date.fromisoformat(plan(borrower)["instalments"][0]["date"])  # type: ignore[index]
    borrower.advance(days=(first - AT.date()).days + 1, hours=13)
    sweep(borrower)
    assert "lo pasamos al final" not in borrower.ours()[-1].body or borrower.ours()[-1].status != "sent"
    borrower.advance(hours=10)
    take_events(borrower.services)
    borrower.send()
    assert "lo pasamos al final" in borrower.ours()[-1].body
    assert borrower.ours()[-1].status == "sent"


@pytest.mark.parametrize("meanwhile", ["a payment", "a promise", "nothing"])
def test_news_that_waits_for_the_morning_is_dropped_where_it_is_none_any_more(
    engine: Engine, meanwhile: str
) -> None:
    borrower = talk(engine, AT)
    with write_tx(engine) as connection:
        approve_templates(connection, borrower.services)
    for text in ("mañana pago 600", "sí"):
        borrower.say(text)
    borrower.advance(days=6, hours=13)
    assert expire_promises(borrower.services) == 1
    take_events(borrower.services)
    borrower.send()
    assert (borrower.kinds("promise")[-1], borrower.ours()[-1].status) == ("promise.broken", "suppressed")
    borrower.advance(minutes=5)
    if meanwhile == "a payment":
        paid(borrower, 60_000, borrower.services.clock.now(), "late")
    elif meanwhile == "a promise":
        for text in ("mañana pago 600", "sí"):
            borrower.say(text)
    borrower.advance(hours=10)
    take_events(borrower.services)
    borrower.send()
    sent = [row.body for row in borrower.ours() if row.status == "sent"]
    assert any("No vimos el pago" in body for body in sent) == (meanwhile == "nothing")


@pytest.mark.parametrize("came", ["a part", "all, in time"])
def test_the_end_of_a_plan_is_told_whatever_came_since_unless_that_restored_it(
    engine: Engine, came: str
) -> None:
    borrower = agreed(engine)
    with write_tx(engine) as connection:
        approve_templates(connection, borrower.services)
    borrower.advance(days=40, hours=13)
    sweep(borrower)
    assert (plan(borrower)["status"], borrower.ours()[-1].status) == ("broken", "suppressed")
    borrower.advance(minutes=5)
    amount, at = (20_000, borrower.services.clock.now()) if came == "a part" else (60_000, AT)
    paid(borrower, amount, at, "since")
    judge_plans(borrower.services)
    borrower.advance(hours=10)
    sweep(borrower)
    told = any("terminó" in row.body for row in borrower.ours() if row.status == "sent")
    assert told == (plan(borrower)["status"] == "broken") == (came != "all, in time")


def test_money_that_is_reported_late_restores_it_and_money_taken_back_breaks_it_again(engine: Engine) -> None:
    borrower = agreed(engine)
    borrower.advance(days=40)
    sweep(borrower)
    assert plan(borrower)["status"] == "broken"
    entry = paid(borrower, 60_000, AT, "late report")
    sweep(borrower)
    assert plan(borrower)["status"] == "kept"
    with write_tx(engine) as connection:
        reverse_payment(connection, borrower.loan, entry, borrower.services.clock.now(), "lender:test")
    sweep(borrower)
    assert plan(borrower)["status"] == "broken"
    sound(borrower)


def test_a_second_plan_after_a_broken_one_is_approved_by_one_click_and_agreed_by_its_borrower(
    engine: Engine,
) -> None:
    borrower = agreed(engine)
    borrower.advance(days=40)
    sweep(borrower)
    assert plan(borrower)["status"] == "broken"
    borrower.say("quiero otro plan, en 3 pagos")
    assert "lo tiene que aprobar una persona" in borrower.ours()[-1].body
    (case,) = borrower.rows(Task, Task.kind == "plan_approval")
    accounts.add_agent(borrower.services, "agent@b.mx", "agent", PASSWORD, "Berta Uno")
    accounts.add_agent(borrower.services, "boss@b.mx", "supervisor", PASSWORD, "Clara Dos")
    agent, desk = Desk(borrower, "agent@b.mx"), Desk(borrower, "boss@b.mx")
    assert agent.post(f"/console/tasks/{case.id}/approve").status_code == 403
    assert "Aprobar y enviarla" in desk.get(desk.thread).text
    assert "Aprobar y enviarla" in desk.get("/console/tasks").text
    hold = {"loan_id": borrower.loan, "kind": "dispute", "placed_at": AT}
    with write_tx(engine) as connection:
        connection.execute(insert(Hold).values(**hold))
    assert "está detenido" in desk.post(f"/console/tasks/{case.id}/approve?queue=open").text
    with write_tx(engine) as connection:
        connection.execute(delete(Hold))
    known = borrower.rows(Conversation)[0].borrower_id
    for borrower_id, status in ((None, 422), (known, 302)):
        with write_tx(engine) as connection:
            connection.execute(update(Conversation).values(borrower_id=borrower_id))
        assert desk.post(f"/console/tasks/{case.id}/approve").status_code == status
    with pytest.raises(NoSuchApproval):
        approve_offer(borrower.services, case.id, 1)
    take_events(borrower.services)
    borrower.send()
    assert "ya quedó autorizado" in borrower.ours()[-1].body
    assert "¿Estás de acuerdo?" in borrower.ours()[-1].body
    assert plan(borrower)["status"] == "broken", "approved is not yet agreed"
    borrower.say("sí")
    assert plan(borrower)["status"] == "active"
    assert len(plan(borrower)["instalments"]) == 3  # type: ignore[arg-type]
    sound(borrower)


def old(engine: Engine) -> Talk:
    """A loan 95 days late, with interest and late fees."""
    borrower = talk(engine, AT)
    with write_tx(engine) as connection:
        move_due_date(connection, borrower.loan, 1, date(2026, 8, 28))
    return borrower


@pytest.mark.parametrize(("hours", "status"), [(0, "settled"), (24 * 11, "overdue")])
def test_a_settlement_paid_in_time_ends_the_loan_and_a_late_one_is_for_a_person(
    engine: Engine, hours: int, status: str
) -> None:
    borrower = old(engine)
    borrower.say("si pago todo me hacen un descuento?")
    assert "queda liquidado por completo" in borrower.ours()[-1].body
    borrower.say("sí")
    found = plan(borrower)
    assert found["kind"] == "settlement"
    assert found["discount"] == 7_500
    borrower.advance(hours=hours)
    paid(borrower, int(str(found["total"])), borrower.services.clock.now(), "all")
    sweep(borrower)
    assert borrower.rows(Loan, Loan.id == borrower.loan)[0].status == status
    late = status != "settled"
    assert ("waiver.granted" in borrower.kinds()) is not late
    assert [row.kind for row in borrower.rows(Task)] == (["settlement_late"] if late else [])
    sound(borrower)


def test_a_waiver_is_taken_back_with_the_money_that_earned_it(engine: Engine) -> None:
    borrower = old(engine)
    borrower.say("si pago todo me hacen un descuento?")
    borrower.say("sí")
    entry = paid(borrower, int(str(plan(borrower)["total"])), AT, "all")
    sweep(borrower)
    with write_tx(engine) as connection:
        reverse_payment(connection, borrower.loan, entry, AT, "lender:test")
    sweep(borrower)
    loan = borrower.rows(Loan, Loan.id == borrower.loan)[0]
    assert loan.outstanding_centavos == 115_000
    assert loan.status != "settled"
    sound(borrower)


def test_offers_expire(engine: Engine) -> None:
    borrower = talk(engine, AT)
    borrower.say("quiero pagar en partes")
    borrower.advance(days=10)
    assert expire_offers(borrower.services) > 0
    assert expire_offers(borrower.services) == 0
    with read_tx(engine) as connection:
        assert {offer["status"] for offer in made(connection, borrower.loan)} == {"cancelled"}


def test_a_month_without_a_day_is_a_wish_like_any_other(engine: Engine) -> None:
    borrower = talk(engine, AT)
    borrower.say("quiero un plan de pagos")
    borrower.say("mejor en enero")
    assert "¿Estás de acuerdo?" in borrower.ours()[-1].body, "met by the nearest that policy has"
    borrower.say("sí")
    assert plan(borrower)["status"] == "active"
