"""A plan whose parts the mandate pays: charged on their days, counted towards it, and stopped with it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from bot.debit import charging
from bot.offers import judge_plans, remind_plans
from models import ContactPoint, Plan, PlanInstalment, read_tx
from tests.charging import House, make_house
from tests.talk import Talk
from values import next_banking_day, previous_banking_day

OVERDUE = [
    (date(2026, 11, 13), {"principal": 50_000, "interest": 10_000}),
    (date(2027, 1, 29), {"principal": 50_000, "interest": 10_000}),
]


def ana(house: House) -> Talk:
    with read_tx(house.services.engine) as connection:
        point = connection.execute(select(ContactPoint.borrower_id, ContactPoint.conversation_id)).one()
    return Talk(house.services, 1, point.borrower_id, point.conversation_id, house.loan, house.wire)


@pytest.fixture
def house(engine: Engine) -> House:
    """Ana owes 600 of an instalment of ten days ago; its charge is announced; she agrees to two parts."""
    found = make_house(engine, OVERDUE, max_amount=60_000, frequency="monthly")
    found.announce()
    assert found.statuses() == ["notified"]
    borrower = ana(found)
    borrower.say("puedo pagar en 2 pagos mensuales?")
    assert "se carga a tu cuenta" in found.texts()[-1]
    borrower.say("sí")
    assert "se carga a tu cuenta" in found.texts()[-1]
    assert found.statuses() == ["cancelled"], "what the plan covers is not charged besides"
    return found


def parts(house: House) -> list[PlanInstalment]:
    with read_tx(house.services.engine) as connection:
        rows = connection.execute(
            select(PlanInstalment.__table__)
            .join(Plan, Plan.id == PlanInstalment.plan_id)
            .where(Plan.folio.is_not(None))
            .order_by(PlanInstalment.due_date)
        )
        return list(rows)  # type: ignore[arg-type]


def on(house: House, day: date, hour: int = 12) -> None:
    house.at(f"{day.isoformat()}T{hour:02}:00")


def judge(house: House) -> None:
    judge_plans(house.services)
    remind_plans(house.services)
    house.talk()


def test_each_part_is_announced_charged_and_counted(house: House) -> None:
    first, second = parts(house)
    on(house, previous_banking_day(first.due_date))
    house.announce()
    assert (house.charge.status, house.charge.amount, house.charge.charge_on) == (
        "notified",
        30_000,
        first.due_date,
    )
    sent = len(house.wire.sent)
    judge(house)
    assert len(house.wire.sent) == sent, "its notice is its reminder"
    on(house, first.due_date, 10)
    assert house.submit() == 1
    on(house, first.due_date + timedelta(days=1), 12)
    judge(house)
    assert [row.status for row in parts(house)] == ["open", "open"], "not missed while it is at the bank"
    house.provider.turn_all("collected")
    house.look()
    judge(house)
    assert [(row.paid, row.status) for row in parts(house)] == [(30_000, "kept"), (0, "open")]
    on(house, previous_banking_day(second.due_date))
    house.announce()
    assert (house.charge.amount, house.charge.charge_on) == (30_000, second.due_date)
    on(house, second.due_date, 10)
    house.submit()
    house.provider.turn_all("collected")
    on(house, next_banking_day(second.due_date), 12)
    house.look()
    judge(house)
    assert house.scalars(select(Plan.status).where(Plan.folio.is_not(None))) == ["kept"]
    assert [row.plan_instalment_id for row in house.charges()[1:]] == [first.id, second.id]
    house.sound()


def test_cancelled_it_stops_its_charges_and_returned_it_is_tried_again(house: House) -> None:
    first, second = parts(house)
    on(house, previous_banking_day(first.due_date))
    house.announce()
    on(house, first.due_date, 10)
    house.submit()
    house.provider.turn_all("returned", "04")
    on(house, first.due_date + timedelta(days=1), 12)
    house.look()
    retry = house.charge
    assert (retry.status, retry.plan_instalment_id, retry.amount) == ("planned", first.id, 30_000)
    judge(house)
    assert [row.status for row in parts(house)] == ["open", "open"], "not missed before its second attempt"
    ana(house).say("quiero otro plan de pagos")
    ana(house).say("", payload="cancel_plan")
    assert "Ya no se carga ningún pago del acuerdo" in house.texts()[-1]
    assert house.charge.status == "cancelled"
    assert "plan.cancelled" in house.ledger("^plan")
    charging.plan(house.services)
    assert house.charge.plan_instalment_id is None, "what is overdue is charged as before"
    assert second.id not in {row.plan_instalment_id for row in house.charges()}
    house.sound()
