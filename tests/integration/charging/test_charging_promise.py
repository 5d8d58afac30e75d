"""A promise and a debit of the same money: what its borrower reads of the charge is true at that moment."""

from datetime import date

import pytest
from sqlalchemy import insert, select, update

from bot.debit import charging
from bot.debit.charging import ChargeTooLate, hold_for_promise
from models import Promise, write_tx
from models.ledger import append
from tests.charging import House
from tests.loans import OPENED
from tests.statements import listening


def promise(house: House, named: int | None) -> None:
    """What the turn does."""
    now = house.services.clock.now()
    made = {"loan_id": house.loan, "amount": 30_000, "status": "open", "made_at": OPENED}
    days = {"due_date": date(2026, 12, 4), "expires_on": date(2026, 12, 8)}
    with write_tx(house.services.engine) as connection:
        connection.execute(insert(Promise).values(**made, **days))
        entry = hold_for_promise(connection, house.services, house.loan, named, now, "borrower")
        if entry is not None:
            append(connection, house.loan, now, entry)


def test_the_charge_that_was_announced_is_not_made_and_no_second_message_follows(announced: House) -> None:
    before = len(announced.texts())
    promise(announced, announced.charge.id)
    assert (announced.submit(), announced.statuses()) == (0, ["planned"])
    announced.announce()
    assert len(announced.texts()) == before
    assert announced.ledger("charge") == ["charge.notified", "charge.moved"]
    announced.sound()


def test_a_notice_that_has_not_left_is_withdrawn(house: House) -> None:
    house.at("2026-11-26T09:00")
    charging.plan(house.services)
    charging.notify(house.services)
    promise(house, house.charge.id)
    house.talk()
    assert (house.texts(), house.tasks()) == ([], [])


def test_a_charge_that_nobody_named_is_put_off_and_its_borrower_reads_so(announced: House) -> None:
    promise(announced, None)
    announced.talk()
    assert "no se hará ese día" in announced.texts()[-1]
    assert announced.submit() == 0


def test_a_charge_that_left_meanwhile_is_not_said_to_be_stopped(submitted: House) -> None:
    with pytest.raises(ChargeTooLate):
        promise(submitted, submitted.charge.id)
    assert submitted.scalars(select(Promise.id)) == []
    with listening(submitted.services.engine) as asked:
        promise(submitted, None)
    assert submitted.statuses() == ["submitted"]
    assert not [each for each, _ in asked if each.startswith("UPDATE")], "nothing waits: nothing is written"


def test_after_a_promise_that_was_not_kept_it_is_announced_afresh(announced: House) -> None:
    promise(announced, announced.charge.id)
    with write_tx(announced.services.engine) as connection:
        connection.execute(update(Promise).values(status="broken"))
    for day in ("2026-12-08T09:00", "2026-12-09T09:00"):
        announced.at(day)
        announced.announce()
    assert announced.statuses()[0] == "notified"
    assert announced.ledger("charge")[-1] == "charge.notified"
