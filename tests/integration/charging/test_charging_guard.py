"""What is asked again at the moment of submission."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import insert

from models import Hold, Instalment, Mandate, Promise, write_tx
from tests.charging import House
from tests.loans import OPENED


def test_what_was_paid_meanwhile_is_not_charged(announced: House) -> None:
    announced.receive(60_000, "2026-11-26T18:00")
    assert (announced.submit(), announced.statuses()) == (0, ["cancelled"])
    assert announced.ledger("^charge") == ["charge.notified", "charge.cancelled"]
    assert announced.provider.orders == []
    announced.sound()


def test_of_what_was_paid_in_part_the_rest_is_charged_and_said(announced: House) -> None:
    announced.receive(25_050, "2026-11-26T18:00")
    assert (announced.submit(), announced.provider.orders[0].amount.centavos) == (1, 34_950)
    announced.provider.turn_all("collected")
    announced.at("2026-11-30T12:00")
    announced.look()
    announced.talk()
    assert any("$349.50" in text and "menos de los $600.00" in text for text in announced.texts())
    announced.sound()


def test_more_is_owed_than_was_announced_and_what_was_announced_is_charged(announced: House) -> None:
    announced.set(Instalment, unpaid_late_fees=5_000)
    assert (announced.submit(), announced.provider.orders[0].amount.centavos) == (1, 60_000)


def test_after_the_hour_it_is_announced_again_for_the_next_banking_day(announced: House) -> None:
    announced.at("2026-11-27T14:30")
    assert announced.submit() == 0
    announced.talk()
    announced.talk()
    assert (announced.statuses(), announced.charge.charge_on) == (["notified"], date(2026, 11, 30))


@pytest.mark.parametrize("missed", ["2026-11-27T15:00", "2026-11-28T10:00", "2026-11-30T08:00"])
def test_a_day_that_was_missed_is_made_up_for_by_another_notice(announced: House, missed: str) -> None:
    announced.at(missed)
    for _ in range(2):
        announced.talk()
    assert announced.submit() == 0
    assert announced.charge.charge_on > date(2026, 11, 27)
    assert announced.history(1)[:3] == ["planned", "notified", "planned"]


@pytest.mark.parametrize(
    "hold", ["dispute", "deceased", "vulnerable", "legal", "hardship", "complaint", "payment_reported"]
)
def test_a_hold_puts_it_off_until_it_is_lifted(announced: House, hold: str) -> None:
    with write_tx(announced.services.engine) as connection:
        connection.execute(insert(Hold).values(loan_id=announced.loan, kind=hold, placed_at=OPENED))
    assert (announced.submit(), announced.statuses()) == (0, ["planned"])
    for day in ("2026-11-30", "2026-12-01"):
        announced.at(f"{day}T09:00")
        announced.announce()
        assert (announced.submit(), announced.statuses()[0]) == (0, "planned")
    announced.set(Hold, lifted_at=OPENED)
    announced.at("2026-12-02T09:00")
    announced.announce()
    announced.at("2026-12-03T09:00")
    assert (announced.submit(), announced.statuses()[0]) == (1, "submitted")
    assert announced.tasks() == []


def test_an_open_promise_comes_before_the_charge(announced: House) -> None:
    with write_tx(announced.services.engine) as connection:
        promise = {
            "loan_id": announced.loan,
            "amount": 60_000,
            "due_date": date(2026, 12, 1),
            "expires_on": date(2026, 12, 3),
            "made_at": OPENED,
        }
        connection.execute(insert(Promise).values(**promise))
    assert (announced.submit(), announced.statuses()) == (0, ["planned"])


def test_a_cancelled_mandate_charges_nothing(announced: House) -> None:
    announced.set(Mandate, status="cancelled")
    assert (announced.submit(), announced.statuses()) == (0, ["cancelled"])


def test_two_workers_submit_it_once(announced: House) -> None:
    threads = [Thread(target=announced.submit) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (announced.statuses(), len(announced.provider.orders)) == (["submitted"], 1)
